//! The reference of the command line is its own help, committed and compared.

use crate::program::*;

const VERBS: [&[&str]; 23] = [
    &[],
    &["demo"],
    &["init"],
    &["serve"],
    &["clean"],
    &["extract"],
    &["sheet"],
    &["import"],
    &["review"],
    &["dispatch"],
    &["circular"],
    &["task-table"],
    &["issue"],
    &["blueprint", "check"],
    &["blueprint", "apply"],
    &["blueprint", "show"],
    &["play"],
    &["verify"],
    &["backup"],
    &["restore"],
    &["export"],
    &["user", "add"],
    &["user", "passwd"],
];

#[test]
fn the_reference_of_the_command_line_is_true() {
    let mut text = String::new();
    for verb in VERBS {
        let mut args = verb.to_vec();
        args.push("--help");
        text.push_str(&format!("$ baton {}\n\n{}\n", args.join(" "), ok(&args)));
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/cli.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &text).expect("written");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == text, "docs/reference/cli.txt is not what --help says; UPDATE_EXPECT=1 rewrites it");
}
