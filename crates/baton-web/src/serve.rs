//! The serve loop: one accept loop with bounds on connections, heads, idleness and slow readers.

use crate::app::App;
use crate::limits::{ACCEPT_PAUSE, HEAD_BYTES_MAX, Limits};
use crate::routes::router;
use crate::sockets::{PerAddress, Steady};
use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// The address a request came from, as far as it can be believed.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Answers requests on `listener` until `shutdown` resolves, or the journal has stopped writing.
///
/// Then: no new connection, each open one finishes its request, at most `limits.stop` altogether.
///
/// Errors: the journal's writer stopped after a disk error (the process must end with status 74).
pub async fn serve(
    app: App,
    listener: TcpListener,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send,
) -> anyhow::Result<()> {
    let journal = app.journal.clone();
    let streams = app.streams.clone();
    let wait = limits.stop;
    let (tell_stop, stop) = watch::channel(false);
    let router = router(&app, &limits);
    let mut open = JoinSet::new();
    {
        let accepting = accept(router, listener, limits, stop, &mut open);
        let poisoned = async {
            let mut tick = tokio::time::interval(std::time::Duration::from_millis(250));
            while !journal.poisoned() {
                tick.tick().await;
            }
        };
        tokio::select! {
            () = accepting => {}
            () = shutdown => {}
            () = poisoned => {}
        }
    }
    tell_stop.send_replace(true);
    streams.close();
    let ended = tokio::time::timeout(wait, async { while open.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        tracing::warn!(left = open.len(), "connections cut at the end of the graceful stop");
        open.shutdown().await;
    }
    anyhow::ensure!(!journal.poisoned(), "写盘出错，服务已停止 / a disk error stopped the service");
    Ok(())
}

async fn accept(
    router: Router,
    listener: TcpListener,
    limits: Limits,
    stop: watch::Receiver<bool>,
    open: &mut JoinSet<()>,
) {
    let cap = Arc::new(Semaphore::new(limits.connections));
    let per_address = PerAddress::default();
    let limits = Arc::new(limits);
    loop {
        while open.try_join_next().is_some() {}
        let Ok(permit) = cap.clone().acquire_owned().await else { return };
        let (socket, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(place) = per_address.enter(peer.ip(), limits.per_address, &limits.proxies) else { continue };
        let (router, limits, stop) = (router.clone(), limits.clone(), stop.clone());
        open.spawn(async move {
            let _held = (permit, place);
            converse(router, socket, peer, &limits, stop).await;
        });
    }
}

/// One connection, until it ends, is too slow, or a stop is asked for and its request is answered.
async fn converse(
    router: Router,
    socket: TcpStream,
    peer: SocketAddr,
    limits: &Limits,
    mut stop: watch::Receiver<bool>,
) {
    let _ = socket.set_nodelay(true);
    let proxies = limits.proxies.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let from = believed(peer.ip(), &proxies, request.headers());
        request.extensions_mut().insert(Peer(from));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Steady::new(socket, limits.write_stall)), service);
    tokio::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return quiet(ended),
        _ = stop.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    quiet(connection.await);
}

fn quiet(ended: Result<(), hyper::Error>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}

/// The client's address: the peer's own, or what a proxy of ours says in the last entry of `X-Forwarded-For`.
fn believed(peer: IpAddr, proxies: &[IpAddr], headers: &hyper::HeaderMap) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let said = headers.get_all("x-forwarded-for").iter().next_back();
    said.and_then(|v| v.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_is_believed_only_from_our_own_proxy() {
        let mut headers = hyper::HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 10.1.2.3".parse().unwrap());
        let (proxy, stranger): (IpAddr, IpAddr) = ("127.0.0.1".parse().unwrap(), "9.9.9.9".parse().unwrap());
        assert_eq!(believed(proxy, &[proxy], &headers), "10.1.2.3".parse::<IpAddr>().unwrap());
        assert_eq!(believed(stranger, &[proxy], &headers), stranger);
    }
}
