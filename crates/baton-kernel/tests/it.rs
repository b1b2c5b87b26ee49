//! The tests of the kernel, in one binary: commands through `decide`, cuts, rights, views.

#[path = "it/blueprints.rs"]
mod blueprints;
#[path = "it/compliance.rs"]
mod compliance;
#[path = "it/conduct.rs"]
mod conduct;
#[path = "it/items.rs"]
mod items;
#[path = "it/meetings.rs"]
mod meetings;
#[path = "it/papers.rs"]
mod papers;
#[path = "it/rounds.rs"]
mod rounds;
#[path = "it/tasks.rs"]
mod tasks;
#[path = "it/zone.rs"]
mod zone;
