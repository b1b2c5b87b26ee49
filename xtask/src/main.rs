//! House rules as tests, and generators.
fn main() {}
