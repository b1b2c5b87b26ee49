//! The permission matrix, derived from the router's own table and compared with the page people read.

use super::zone::*;
use axum::http::Method;
use baton_kernel::permit::{Reach, Rights};
use baton_web::routes::{Who, matrix, table};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of the default blueprint by path.
pub fn default_blueprint() -> BTreeMap<String, String> {
    fn walk(root: &Path, dir: &Path, files: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(root, &path, files);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../blueprints/development-zone");
    let mut files = BTreeMap::new();
    walk(&root, &root, &mut files);
    files
}

#[tokio::test]
async fn the_permission_matrix_is_the_one_people_reviewed() {
    let (blueprint, _) = baton_kernel::blueprint::parse(&default_blueprint());
    let mut principals: Vec<(&str, Option<Rights>)> = vec![("stranger", None), ("no-role", Some(Rights::default()))];
    for role in blueprint.roles.values() {
        let mut rights = Rights::default();
        for verb in role.verbs.iter().chain([&baton_kernel::permit::Verb::See]) {
            rights.reach.insert(*verb, Reach::All);
        }
        principals.push((&role.key, Some(rights)));
    }
    let head = "# Part 1. Who may ask which route, by the roles of the development-zone blueprint.\n\
                # Made from the router's own table; what is seen and done there is decided on the object itself (part 2).\n\
                # Rewritten by UPDATE_EXPECT=1 cargo nextest run -p baton-web matrix\n\n";
    let made = format!("{head}{}{}", matrix(&principals), super::cells::part().await);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/permissions.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &made).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(known, made, "docs/reference/permissions.txt differs; look at it, then run with UPDATE_EXPECT=1");
}

#[test]
fn only_the_door_probes_and_assets_are_open_to_strangers() {
    let open: Vec<&str> = table().iter().filter(|r| r.who == Who::Anyone).map(|r| r.path).collect();
    let public = ["/public", "/public/{id}", "/public/{id}/files/{name}", "/public/{id}/claim", "/public/{id}/claim"];
    assert_eq!(open, [&["/livez", "/readyz", "/assets/{hash}/{name}", "/sign-in", "/sign-in"][..], &public].concat());
    for route in table() {
        assert!(route.method == Method::GET || route.method == Method::POST, "{}", route.path);
        assert!(route.method == Method::POST || route.takes.bytes_max() == 0, "{} takes a body", route.path);
    }
}

#[tokio::test]
async fn every_changing_route_denied_to_somebody_leaves_the_ledger_as_it_was() {
    let town = Town::new().await;
    let state = town.app.journal.snapshot().state_hash();
    let nothing = "ffffffffffffffffffffffffffffffff";
    for login in ["nobody", "south.reporter"] {
        let mut browser = town.browser(login).await;
        let csrf = browser.csrf().await;
        for route in table().iter().filter(|r| r.method == Method::POST && matches!(r.who, Who::May(_))) {
            let path = route
                .path
                .replace("{id}", &BRIDGE.to_string())
                .replace("{unit}", "north")
                .replace("{measure}", "spent")
                .replace("{period}", "2023M03")
                .replace("{what}", "acceptance")
                .replace("{format}", "pdf");
            let path = ["{problem}", "{preview}", "{speech}", "{venue}", "{digest}", "{step}"]
                .iter()
                .fold(path, |p, m| p.replace(m, nothing));
            let answer =
                browser.post_bare(&path, &[("csrf", &csrf), ("key", "k"), ("because", "试"), ("name", "改")]).await;
            let status = answer.status.as_u16();
            assert!(matches!(status, 403 | 404), "{login} {path}: {status}\n{}", answer.text);
        }
    }
    assert_eq!(town.app.journal.snapshot().state_hash(), state);
}

#[tokio::test]
async fn every_page_for_somebody_is_forbidden_to_others_and_open_to_the_office() {
    let town = Town::new().await;
    let zone = town.app.journal.snapshot();
    let caller = baton_kernel::Caller::Person(baton_kernel::ids::PersonId(14));
    let rights = Rights::of(&zone, caller, zone.day_of(town.app.journal.now()));
    let (mut office, mut south) = (town.browser("office").await, town.browser("south.reporter").await);
    for route in
        table().iter().filter(|r| r.method == Method::GET && matches!(r.who, Who::May(_)) && !r.path.contains('{'))
    {
        office.get(route.path).await.is(if route.admits(Some(&rights)) { 200 } else { 403 });
        south.get(route.path).await.is(403).has("没有权限");
    }
}
