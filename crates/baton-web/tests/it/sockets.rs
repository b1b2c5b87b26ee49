//! The serve loop against clients that say nothing, little, slowly, or do not listen.

use super::zone::*;
use baton_web::{Limits, serve};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const SHORT: Duration = Duration::from_millis(300);
/// Far above every bound of the loop under test: reaching it means that the bound did not hold.
const FOREVER: Duration = Duration::from_secs(30);

struct Served {
    at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<anyhow::Result<()>>,
    _town: Town,
}

async fn served(limits: Limits) -> Served {
    let town = Town::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = town.app.clone();
    let served = tokio::spawn(async move {
        serve(app, listener, limits, async {
            let _ = stopped.await;
        })
        .await
    });
    Served { at, stop: Some(stop), served, _town: town }
}

fn short() -> Limits {
    Limits { header_read: SHORT, write_stall: SHORT, body_stall: SHORT, ..Limits::default() }
}

/// Everything until the server closes; panics when it does not.
async fn until_closed(socket: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    match timeout(FOREVER, socket.read_to_end(&mut all)).await.expect("the server never closed") {
        Ok(_) => {}
        // A reset is a close too.
        Err(e) => assert_eq!(e.kind(), std::io::ErrorKind::ConnectionReset, "{e}"),
    }
    all
}

#[tokio::test]
async fn a_silent_a_half_spoken_and_an_idle_connection_are_closed() {
    let served = served(short()).await;
    let mut silent = TcpStream::connect(served.at).await.unwrap();
    let mut partial = TcpStream::connect(served.at).await.unwrap();
    partial.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let mut idle = TcpStream::connect(served.at).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    until_closed(&mut silent).await;
    until_closed(&mut partial).await;
    let answer = until_closed(&mut idle).await;
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn a_head_that_drips_byte_by_byte_is_closed() {
    let served = served(short()).await;
    let mut drip = TcpStream::connect(served.at).await.unwrap();
    let (mut from, mut to) = drip.split();
    let drop_by_drop = async {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        for byte in b"GET /livez HTTP/1.1\r\nX-Long: ".iter().chain(std::iter::repeat(&b'a')) {
            tick.tick().await;
            if to.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    };
    let mut heard = Vec::new();
    let closed = timeout(FOREVER, async {
        tokio::select! {
            _ = drop_by_drop => {}
            _ = from.read_to_end(&mut heard) => {}
        }
    });
    closed.await.expect("the drip went on");
    assert!(!heard.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&heard));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_and_closed() {
    let served = served(short()).await;
    let mut stalled = TcpStream::connect(served.at).await.unwrap();
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlogin=";
    stalled.write_all(head.as_bytes()).await.unwrap();
    let answer = until_closed(&mut stalled).await;
    assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed() {
    let served = served(Limits { header_read: FOREVER, ..short() }).await;
    let page = served._town.stranger().get("/sign-in").await;
    let from = page.text.find("/assets/").unwrap();
    let path: String = page.text[from..].chars().take_while(|c| *c != '"').collect();
    let path = path.replace("icon.svg", "app.css");
    let mut deaf = TcpStream::connect(served.at).await.unwrap();
    let one = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    // Many answers asked for at once and none read: more than all buffers between us can hold.
    let asked = timeout(FOREVER, async {
        for _ in 0..100_000 {
            if deaf.write_all(one.as_bytes()).await.is_err() {
                return true;
            }
        }
        false
    });
    assert!(asked.await.expect("the server neither closed nor read on"), "the server took everything");
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_others_are_closed_at_once() {
    let served = served(Limits { per_address: 2, ..Limits::default() }).await;
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut socket = TcpStream::connect(served.at).await.unwrap();
        socket.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut start = [0u8; 15];
        timeout(FOREVER, socket.read_exact(&mut start)).await.unwrap().unwrap();
        kept.push(socket);
    }
    let mut third = TcpStream::connect(served.at).await.unwrap();
    assert!(until_closed(&mut third).await.is_empty());
    kept.clear();
}

#[tokio::test]
async fn a_stop_lets_idle_connections_go_and_ends() {
    let mut served = served(Limits::default()).await;
    let mut idle = TcpStream::connect(served.at).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut start = [0u8; 15];
    timeout(FOREVER, idle.read_exact(&mut start)).await.unwrap().unwrap();
    served.stop.take().unwrap().send(()).unwrap();
    timeout(FOREVER, served.served).await.expect("the stop never ended").unwrap().unwrap();
    until_closed(&mut idle).await;
    assert!(TcpStream::connect(served.at).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn honest_clients_are_served_beside_many_idle_sockets() {
    let served = served(Limits { per_address: 600, connections: 512, ..Limits::default() }).await;
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(TcpStream::connect(served.at).await.unwrap());
    }
    for _ in 0..20 {
        let mut honest = TcpStream::connect(served.at).await.unwrap();
        honest.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        assert!(until_closed(&mut honest).await.starts_with(b"HTTP/1.1 200 OK"));
    }
    drop(idle);
}
