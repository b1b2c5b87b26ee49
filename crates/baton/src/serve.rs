//! `baton serve`: pages on a port, errands on the local socket, until told to stop.

use crate::answer::{EXIT_IO, Failure};
use crate::errands::Desk;
use crate::mail::{self, MailArgs, Post};
use crate::{socket, zone};
use baton_methods::Lang;
use baton_store::Folder;
use baton_web::{App, Transport};
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;

/// Serves a folder's zone.
pub async fn run(
    dir: &Path,
    listen: SocketAddr,
    tls: bool,
    origin: Option<String>,
    mail: &MailArgs,
    lang: Lang,
) -> Result<u8, Failure> {
    let post = mail.post(origin.as_deref())?;
    let desk = zone::open(dir).await?;
    let transport = match (tls, listen.ip().is_loopback()) {
        (true, _) => Transport::Tls,
        (false, true) => Transport::Local,
        (false, false) => Transport::Insecure,
    };
    serve(desk, dir, listen, transport, origin, post, lang).await
}

/// Serves an open zone until SIGINT or SIGTERM, or until a disk error poisons the writer (status 74).
pub async fn serve(
    desk: Desk,
    dir: &Path,
    listen: SocketAddr,
    transport: Transport,
    origin: Option<String>,
    post: Option<Post>,
    lang: Lang,
) -> Result<u8, Failure> {
    let listener = TcpListener::bind(listen).await.map_err(|e| {
        Failure::words(
            78,
            format!("无法监听 {listen}：{e}。端口可能已被占用，请换一个（--listen 或 --port）"),
            format!("cannot listen on {listen}: {e}; the port may be in use, choose another (--listen or --port)"),
        )
    })?;
    let errands = socket::listen(&Folder::at(dir).socket(), desk.clone())?;
    let exe = std::env::current_exe().map_err(|e| Failure::World(e.into()))?;
    let mut app = App::new(desk.journal.clone(), desk.typesetter.clone(), exe, transport);
    app.origin = origin;
    app.sends_mail = post.is_some();
    tracing::info!("{}", mail::said(post.is_some(), lang));
    let letters = post.map(|post| tokio::spawn(post.run(desk.journal.clone())));
    app.count_waiting().await.map_err(|e| Failure::World(e.into()))?;
    if transport == Transport::Insecure {
        eprintln!(
            "{}",
            lang.pick(
                "注意：未加密的网络连接，仅供演示",
                "note: an unencrypted network connection, for demonstration only"
            )
        );
    }
    let address = listener.local_addr().map_err(|e| Failure::World(e.into()))?;
    println!("http://{address}/");
    let journal = desk.journal.clone();
    let stopping = async move {
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        let term = async {
            match term.as_mut() {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        };
        let poisoned = async {
            while !journal.poisoned() {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = term => {}
            () = poisoned => {}
        }
    };
    let served = baton_web::serve(app, listener, baton_web::Limits::default(), stopping).await;
    errands.abort();
    if let Some(letters) = letters {
        letters.abort();
    }
    let _ = std::fs::remove_file(Folder::at(dir).socket());
    let poisoned = desk.journal.poisoned();
    desk.journal.close().await;
    served?;
    Ok(if poisoned { EXIT_IO } else { 0 })
}
