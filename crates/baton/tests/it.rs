//! The program as people run it: verbs, files, exit statuses, a server that is killed.

#[path = "it/demo.rs"]
mod demo;
#[path = "it/help.rs"]
mod help;
#[path = "it/program.rs"]
mod program;
#[path = "it/rules.rs"]
mod rules;
#[path = "it/server.rs"]
mod server;
#[path = "it/vault.rs"]
mod vault;
