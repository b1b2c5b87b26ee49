//! Sockets: a stream that is closed when its peer takes no byte, and the count of connections by address.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A stream whose writes fail with `TimedOut` when they make no progress for `stall`.
pub(crate) struct Steady<S> {
    inner: S,
    stall: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Steady<S> {
    pub(crate) fn new(inner: S, stall: Duration) -> Steady<S> {
        Steady { inner, stall, waiting: None }
    }

    /// `Ready` is progress and stops the clock; `Pending` starts it, or fails when it has run out.
    fn watch<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.waiting = None;
            return polled;
        }
        let stall = self.stall;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(stall)));
        ready!(waiting.as_mut().poll(cx));
        waiting.as_mut().reset(Instant::now() + stall);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Steady<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Steady<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_write(cx, bytes);
        this.watch(cx, polled)
    }
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_write_vectored(cx, bytes);
        this.watch(cx, polled)
    }
    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_flush(cx);
        this.watch(cx, polled)
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_shutdown(cx);
        this.watch(cx, polled)
    }
}

/// How many connections each address holds.
#[derive(Clone, Default)]
pub(crate) struct PerAddress(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// A place among the connections of an address, given back when dropped.
pub(crate) struct Place {
    of: Option<(PerAddress, IpAddr)>,
}

impl PerAddress {
    /// A place for one more connection; `None` when the address holds `max` already.
    pub(crate) fn enter(&self, address: IpAddr, max: usize, exempt: &[IpAddr]) -> Option<Place> {
        if exempt.contains(&address) {
            return Some(Place { of: None });
        }
        let key = network(address);
        let mut held = self.0.lock().unwrap_or_else(|e| e.into_inner());
        let count = held.entry(key).or_default();
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(Place { of: Some((self.clone(), key)) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((all, key)) = self.of.take() else { return };
        let mut held = all.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(count) = held.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                held.remove(&key);
            }
        }
    }
}

/// The address itself, or its /64 when it is IPv6: one house has one of them.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let mut bytes = v6.octets();
            bytes[8..].fill(0);
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_no_more_until_one_ends() {
        let all = PerAddress::default();
        let a: IpAddr = "10.0.0.1".parse().unwrap();
        let places: Vec<_> = (0..2).map(|_| all.enter(a, 2, &[]).unwrap()).collect();
        assert!(all.enter(a, 2, &[]).is_none());
        assert!(all.enter("10.0.0.2".parse().unwrap(), 2, &[]).is_some());
        assert!(all.enter(a, 2, &[a]).is_some(), "a proxy of ours is not counted");
        drop(places);
        assert!(all.enter(a, 2, &[]).is_some());
        assert!(all.0.lock().unwrap().is_empty());
    }

    #[test]
    fn one_ipv6_network_is_one_address_and_a_mapped_one_is_ipv4() {
        let net = |s: &str| network(s.parse().unwrap());
        assert_eq!(net("2001:db8:1:2::1"), net("2001:db8:1:2:ffff::9"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
        assert_eq!(net("::ffff:10.0.0.1"), net("10.0.0.1"));
    }
}
