//! Licences: every dependency is under one that `deny.toml` allows.

use crate::{Breach, House};
use std::process::Command;

/// Breaches among the packages that cargo resolves for this machine.
///
/// Panics when cargo does not answer.
pub fn breaches(house: &House) -> Vec<Breach> {
    let manifest = house.root().join("Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let out = Command::new(cargo)
        .args(["metadata", "--offline", "--format-version", "1", "--filter-platform", &platform, "--manifest-path"])
        .arg(manifest)
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).expect("cargo metadata is JSON");
    let empty = Vec::new();
    let packages = metadata["packages"].as_array().unwrap_or(&empty);
    assert!(packages.len() > 50, "cargo metadata lists {} packages only", packages.len());
    let licences: Vec<(&str, &str)> = packages
        .iter()
        .filter(|package| !package["source"].is_null())
        .map(|package| (package["name"].as_str().unwrap_or_default(), package["license"].as_str().unwrap_or_default()))
        .collect();
    refused(house, &licences)
}

/// Breaches among given packages: name and SPDX expression.
pub fn refused(house: &House, licences: &[(&str, &str)]) -> Vec<Breach> {
    let deny: toml::Table =
        house.text("deny.toml").unwrap_or_default().parse().unwrap_or_else(|e| panic!("deny.toml: {e}"));
    let allowed: Vec<&str> = deny
        .get("licenses")
        .and_then(|l| l.get("allow"))
        .and_then(|a| a.as_array())
        .map_or_else(Vec::new, |list| list.iter().filter_map(|v| v.as_str()).collect());
    let mut found = Vec::new();
    for (name, expression) in licences {
        if !fits(expression, &allowed) {
            found.push(Breach::new(
                "Cargo.lock",
                0,
                format!("{name} 的许可“{expression}”不在 deny.toml 之列"),
                format!("{name} is under “{expression}”, which deny.toml does not allow"),
            ));
        }
    }
    found
}

/// Whether an SPDX expression can be met with allowed licences; `/` is the old way to write OR.
fn fits(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    !words.is_empty() && any(&words, &mut at, allowed) && at == words.len()
}

fn any(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut good = every(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        good |= every(words, at, allowed);
    }
    good
}

fn every(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut good = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        good &= one(words, at, allowed);
    }
    good
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let good = any(words, at, allowed);
        *at += 1;
        return good;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{name} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allowed.contains(&name.as_str())
}
