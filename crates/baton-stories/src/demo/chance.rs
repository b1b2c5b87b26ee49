//! Chance: numbers that look like chance and follow from a seed and a name, whatever else was drawn.

use baton_kernel::Digest;

/// Draws by name: the same seed and name always give the same number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    seed: u64,
}

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance { seed }
    }

    /// A number from 0 (included) to 1.
    pub fn share(&self, name: &str) -> f64 {
        (self.bits(name) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number between two.
    pub fn between(&self, name: &str, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share(name)
    }

    /// One of a list.
    pub fn one<'a, T>(&self, name: &str, list: &'a [T]) -> &'a T {
        &list[(self.bits(name) % list.len() as u64) as usize]
    }

    fn bits(&self, name: &str) -> u64 {
        let digest = Digest::of_parts(&[&self.seed.to_be_bytes(), name.as_bytes()]);
        let mut eight = [0u8; 8];
        eight.copy_from_slice(&digest.0[..8]);
        u64::from_be_bytes(eight)
    }
}
