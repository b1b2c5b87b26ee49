//! Office programs.
