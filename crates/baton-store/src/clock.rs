//! Clocks and identities: the two things a pure kernel is handed from outside.

use baton_kernel::Digest;
use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that starts at a given instant and runs on with the machine's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct SimulatedClock {
    start: Timestamp,
    since: Instant,
}

impl SimulatedClock {
    /// A clock that shows `start` now.
    pub fn starting(start: Timestamp) -> SimulatedClock {
        SimulatedClock { start, since: Instant::now() }
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::ZERO);
        self.start.checked_add(passed).unwrap_or(self.start)
    }
}

/// A clock that stands still until it is set: for tests and stories.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> SetClock {
        SetClock(Mutex::new(at))
    }
    /// Sets it.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(|e| e.into_inner()) = at;
    }
    /// Moves it on (or back, when negative).
    pub fn pass(&self, by: SignedDuration) {
        let mut at = self.0.lock().unwrap_or_else(|e| e.into_inner());
        *at = at.checked_add(by).unwrap_or(*at);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// Where opaque identities, salts and tokens come from.
pub trait Ids: Send + Sync {
    /// Sixteen bytes, never given before.
    fn bytes(&self) -> [u8; 16];

    /// An identity: `ItemId(ids.next())`.
    fn next(&self) -> u128 {
        u128::from_be_bytes(self.bytes())
    }
}

/// Identities from the operating system's random source.
#[derive(Debug, Default, Clone, Copy)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn bytes(&self) -> [u8; 16] {
        random()
    }
}

/// Identities that come out the same for the same seed: for the demo and for stories.
#[derive(Debug)]
pub struct SeededIds {
    seed: Digest,
    count: AtomicU64,
}

impl SeededIds {
    /// Identities of a seed.
    pub fn new(seed: &str) -> SeededIds {
        SeededIds { seed: Digest::of(seed.as_bytes()), count: AtomicU64::new(0) }
    }
}

impl Ids for SeededIds {
    fn bytes(&self) -> [u8; 16] {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        first_half(Digest::of_parts(&[&self.seed.0, &n.to_be_bytes()]))
    }
}

/// Identities derived from an idempotency key, so that a form sent twice asks for the same thing twice.
///
/// The key is made by the client from a random source; what is derived is as hard to guess as the key.
#[derive(Debug)]
pub struct KeyedIds {
    seed: Digest,
    count: AtomicU64,
}

impl KeyedIds {
    /// Identities for one request of one principal.
    pub fn new(principal: &str, key: &str) -> KeyedIds {
        let seed = Digest::of_parts(&[b"baton ids 1\0", principal.as_bytes(), b"\0", key.as_bytes()]);
        KeyedIds { seed, count: AtomicU64::new(0) }
    }
}

impl Ids for KeyedIds {
    fn bytes(&self) -> [u8; 16] {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        first_half(Digest::of_parts(&[&self.seed.0, &n.to_be_bytes()]))
    }
}

fn first_half(digest: Digest) -> [u8; 16] {
    let mut out = [0u8; 16];
    out.copy_from_slice(&digest.0[..16]);
    out
}

/// Random bytes for salts, tokens and passwords. Panics when the operating system has none: nothing is safe then.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut out = [0u8; N];
    getrandom::fill(&mut out).expect("the operating system gives random bytes");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_identities_repeat_and_random_ones_do_not() {
        let (a, b) = (SeededIds::new("demo"), SeededIds::new("demo"));
        let first: Vec<u128> = (0..100).map(|_| a.next()).collect();
        assert_eq!(first, (0..100).map(|_| b.next()).collect::<Vec<_>>());
        assert_ne!(first[0], first[1]);
        assert_ne!(SeededIds::new("other").next(), first[0]);
        assert_ne!(RandomIds.next(), RandomIds.next());
    }

    #[test]
    fn the_same_key_asks_for_the_same_identities_and_another_person_for_others() {
        let one = KeyedIds::new("p1", "k");
        let again = KeyedIds::new("p1", "k");
        assert_eq!([one.next(), one.next()], [again.next(), again.next()]);
        assert_ne!(KeyedIds::new("p2", "k").next(), KeyedIds::new("p1", "k").next());
    }

    #[test]
    fn a_simulated_clock_starts_where_it_is_told_and_runs_on() {
        let start: Timestamp = "2023-04-26T01:00:00Z".parse().unwrap();
        let clock = SimulatedClock::starting(start);
        let (one, two) = (clock.now(), clock.now());
        assert!(start <= one && one <= two && two < start + SignedDuration::from_mins(5));
    }
}
