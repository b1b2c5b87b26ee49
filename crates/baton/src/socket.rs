//! The local socket: errands from the command line to the process that holds the zone.
//!
//! A frame is a length (u32, big-endian) and JSON, then a length (u64) and bytes. The socket lies in the
//! zone's folder and is for its owner alone.

use crate::answer::{Answer, Failure};
use crate::errands::{Desk, Errand};
use crate::limits::{BODY_BYTES_MAX, HEAD_BYTES_MAX};
use serde::{Deserialize, Serialize};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

#[derive(Serialize, Deserialize)]
enum Reply {
    Done(Answer),
    Failed { zh: String, en: String, exit: u8 },
}

async fn send<T: Serialize>(to: &mut UnixStream, head: &T, body: &[u8]) -> anyhow::Result<()> {
    let head = serde_json::to_vec(head)?;
    to.write_all(&(head.len() as u32).to_be_bytes()).await?;
    to.write_all(&head).await?;
    to.write_all(&(body.len() as u64).to_be_bytes()).await?;
    to.write_all(body).await?;
    to.flush().await?;
    Ok(())
}

async fn receive<T: for<'de> Deserialize<'de>>(from: &mut UnixStream) -> anyhow::Result<(T, Vec<u8>)> {
    let mut length = [0u8; 4];
    from.read_exact(&mut length).await?;
    let length = u32::from_be_bytes(length);
    anyhow::ensure!(length <= HEAD_BYTES_MAX, "errand too large");
    let mut head = vec![0u8; length as usize];
    from.read_exact(&mut head).await?;
    let mut length = [0u8; 8];
    from.read_exact(&mut length).await?;
    let length = u64::from_be_bytes(length);
    anyhow::ensure!(length <= BODY_BYTES_MAX, "file too large");
    let mut body = vec![0u8; length as usize];
    from.read_exact(&mut body).await?;
    Ok((serde_json::from_slice(&head)?, body))
}

/// Sends an errand to a running server. `None` when none answers at the socket.
pub async fn ask(socket: &Path, errand: &Errand, bytes: &[u8]) -> Option<Result<Answer, Failure>> {
    let mut stream = UnixStream::connect(socket).await.ok()?;
    let spoken = async {
        send(&mut stream, errand, bytes).await?;
        receive::<Reply>(&mut stream).await
    };
    Some(match spoken.await {
        Ok((Reply::Done(answer), bytes)) => Ok(Answer { bytes, ..answer }),
        Ok((Reply::Failed { zh, en, exit }, _)) => Err(Failure::Words { zh, en, exit }),
        Err(error) => Err(Failure::World(error)),
    })
}

/// Listens for errands until dropped. A stale socket of a process that is gone is replaced: the caller
/// holds the zone's lock.
pub fn listen(socket: &Path, desk: Desk) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let _ = std::fs::remove_file(socket);
    let listener = UnixListener::bind(socket)?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
    Ok(tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            };
            let desk = desk.clone();
            tokio::spawn(async move {
                let Ok((errand, bytes)) = receive::<Errand>(&mut stream).await else { return };
                let (reply, bytes) = match desk.run(errand, bytes).await {
                    Ok(mut answer) => {
                        let bytes = std::mem::take(&mut answer.bytes);
                        (Reply::Done(answer), bytes)
                    }
                    Err(failure) => {
                        let said = |lang| failure.said(lang);
                        let (zh, en) = (said(baton_methods::Lang::Zh), said(baton_methods::Lang::En));
                        (Reply::Failed { zh, en, exit: failure.exit() }, Vec::new())
                    }
                };
                if let Err(error) = send(&mut stream, &reply, &bytes).await {
                    tracing::debug!(%error, "the asker went away");
                }
            });
        }
    }))
}
