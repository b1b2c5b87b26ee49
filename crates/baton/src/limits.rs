//! Bounds of the program's own edges.

/// Bytes of an errand's JSON on the local socket.
pub const HEAD_BYTES_MAX: u32 = 16 * 1024 * 1024;
/// Bytes of a file that travels beside an errand.
pub const BODY_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of a text to be cleaned or taken apart.
pub const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
