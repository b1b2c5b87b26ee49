//! Foreign files of bad intent.
