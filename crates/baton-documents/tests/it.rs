//! Papers measured on the page: positions in millimetres against GB/T 9704, tables across pages, and
//! the office file as an office program lays it out.

#[path = "it/measured.rs"]
mod measured;
#[path = "it/office.rs"]
mod office;
#[path = "it/paper.rs"]
mod paper;
#[path = "it/specimen.rs"]
mod specimen;
#[path = "it/tables.rs"]
mod tables;
