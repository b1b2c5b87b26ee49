//! Streams: server-sent events of a live page, each written only after the reader's session and rights were looked at.

use crate::limits::{STREAM_EVENTS_WAITING, STREAMS_MAX, STREAMS_PER_PERSON_MAX};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use baton_kernel::Refusal;
use baton_kernel::ids::PersonId;
use hyper::body::{Body as HttpBody, Frame};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::sync::{mpsc, watch};

/// The streams that are open, and word of changes that stand in no ledger.
pub(crate) struct Streams {
    open: Mutex<BTreeMap<PersonId, usize>>,
    changes: watch::Sender<u64>,
    closing: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Streams {
        Streams { open: Mutex::default(), changes: watch::Sender::new(0), closing: watch::Sender::new(false) }
    }
}

impl Streams {
    /// Says that something of the workbench changed: readers look again.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    /// Follows such changes.
    pub(crate) fn follow(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Ends every stream: the server stops.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Follows whether the server stops.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// A place for one more stream of a person, given back when dropped.
    ///
    /// Errors: too many streams of the person or altogether.
    pub(crate) fn enter(self: &Arc<Self>, person: PersonId) -> Result<Place, Refusal> {
        let mut open = self.open.lock().unwrap_or_else(|e| e.into_inner());
        let all: usize = open.values().sum();
        let mine = open.entry(person).or_default();
        if *mine >= STREAMS_PER_PERSON_MAX || all >= STREAMS_MAX {
            return Err(Refusal::not_now("page.live.full", &[("max", &STREAMS_PER_PERSON_MAX)]));
        }
        *mine += 1;
        Ok(Place { all: self.clone(), person })
    }
}

/// A place among the streams of a person.
pub(crate) struct Place {
    all: Arc<Streams>,
    person: PersonId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.all.open.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(count) = open.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.person);
            }
        }
    }
}

/// The writing end of a stream.
pub(crate) struct Pen(mpsc::Sender<Bytes>);

impl Pen {
    /// Writes an event; `false` when the reader has gone.
    pub(crate) async fn event(&self, name: &str, data: &serde_json::Value) -> bool {
        self.0.send(Bytes::from(format!("event: {name}\ndata: {data}\n\n"))).await.is_ok()
    }

    /// Says that the stream lives; `false` when the reader has gone.
    pub(crate) async fn beat(&self) -> bool {
        self.0.send(Bytes::from_static(b": beat\n\n")).await.is_ok()
    }

    /// Waits until the reader has gone.
    pub(crate) async fn gone(&self) {
        self.0.closed().await;
    }
}

struct Events(mpsc::Receiver<Bytes>);

impl HttpBody for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|bytes| bytes.map(|b| Ok(Frame::data(b))))
    }
}

/// A stream as an answer, and the pen that writes it.
pub(crate) fn stream() -> (Pen, Response<Body>) {
    let (pen, events) = mpsc::channel(STREAM_EVENTS_WAITING);
    let mut response = Response::new(Body::new(Events(events)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    // A proxy that gathers answers would hold the events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    (Pen(pen), response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_holds_so_many_streams_and_no_more_until_one_ends() {
        let all = Arc::new(Streams::default());
        let places: Vec<Place> =
            (0..STREAMS_PER_PERSON_MAX).map(|_| all.enter(PersonId(1)).expect("a place")).collect();
        assert_eq!(all.enter(PersonId(1)).err().expect("full").code, "page.live.full");
        assert!(all.enter(PersonId(2)).is_ok());
        drop(places);
        assert!(all.enter(PersonId(1)).is_ok());
        assert!(all.open.lock().unwrap().is_empty());
    }
}
