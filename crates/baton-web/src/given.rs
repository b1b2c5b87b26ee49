//! Given: what a request brings: query, form fields and files, read under bounds of size and pace.

use crate::faults::Fault;
use crate::limits::*;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Form, FromRequest, Multipart, Query, Request};
use axum::http::{StatusCode, Uri, header};
use http_body_util::BodyExt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// What a route takes as its body: the bound and the content type, declared with the route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// No body.
    Nothing,
    /// `application/x-www-form-urlencoded`, at most 1 MB.
    Form,
    /// `multipart/form-data` with files, at most 51 MB; a plain form is taken too.
    Upload,
}

impl Takes {
    /// Most bytes of a body.
    pub fn bytes_max(self) -> u64 {
        match self {
            Takes::Nothing => 0,
            Takes::Form => FORM_BYTES_MAX,
            Takes::Upload => UPLOAD_BYTES_MAX,
        }
    }
}

/// Named values in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The query of a target. Too many parameters are refused.
    pub(crate) fn of_query(uri: &Uri) -> Result<Fields, Fault> {
        let Query(list) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| Fault::Malformed)?;
        if list.len() > QUERY_FIELDS_MAX { Err(Fault::Malformed) } else { Ok(Fields(list)) }
    }

    /// The first value under a name, trimmed; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.raw(name).map_or("", str::trim)
    }

    /// The first value under a name as it came.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every non-empty value under a name, trimmed.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }

    /// Whether anything is given under a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Values of fields whose name begins with `prefix`, by the rest of the name.
    pub(crate) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(n, v)| Some((n.strip_prefix(prefix)?, v.as_str())))
    }
}

/// One file of an upload.
#[derive(Clone, Debug)]
pub(crate) struct GivenFile {
    /// Field it came in.
    pub field: String,
    /// Name the client gave.
    pub name: String,
    /// Bytes.
    pub bytes: Bytes,
}

/// A whole body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub fields: Fields,
    pub files: Vec<GivenFile>,
}

impl Given {
    /// The non-empty files in a field.
    pub(crate) fn files(&self, field: &str) -> impl Iterator<Item = &GivenFile> {
        self.files.iter().filter(move |f| f.field == field)
    }
}

/// Reads a body under the bounds of its route.
pub(crate) async fn read(request: Request, takes: Takes, stall: Duration) -> Result<Given, Fault> {
    let (parts, body) = request.into_parts();
    let max = takes.bytes_max();
    let told = parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|n| n > max) {
        return Err(Fault::TooLarge);
    }
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let body = Body::new(Paced::new(body, max, stall));
    match (takes, kind.as_str()) {
        (Takes::Nothing, _) => Ok(Given::default()),
        (_, "application/x-www-form-urlencoded") => {
            let bytes = body.collect().await.map_err(|e| fault_of(&e))?.to_bytes();
            if bytes.iter().filter(|b| **b == b'&').count() >= FORM_FIELDS_MAX {
                return Err(Fault::TooLarge);
            }
            let request = Request::from_parts(parts, Body::from(bytes));
            let Form(list) =
                Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| Fault::Malformed)?;
            Ok(Given { fields: Fields(list), files: Vec::new() })
        }
        (Takes::Upload, "multipart/form-data") => parts_of(Request::from_parts(parts, body)).await,
        _ => Err(Fault::MediaType),
    }
}

async fn parts_of(request: Request) -> Result<Given, Fault> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Fault::Malformed)?;
    let mut given = Given::default();
    loop {
        let field = form.next_field().await.map_err(|e| multipart_fault(&e))?;
        let Some(field) = field else { return Ok(given) };
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|e| multipart_fault(&e))?;
        match file {
            // A file field left empty comes as a part without name and bytes.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) => {
                if given.files.len() == UPLOAD_FILES_MAX {
                    return Err(Fault::TooLarge);
                }
                given.files.push(GivenFile { field: name, name: file, bytes });
            }
            None => {
                if given.fields.0.len() == FORM_FIELDS_MAX || bytes.len() as u64 > FORM_BYTES_MAX {
                    return Err(Fault::TooLarge);
                }
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| Fault::Malformed)?;
                given.fields.0.push((name, text));
            }
        }
    }
}

fn multipart_fault(error: &axum::extract::multipart::MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge } else { fault_of(error) }
}

/// Which bound a body broke, by the innermost cause.
fn fault_of(error: &(dyn std::error::Error + 'static)) -> Fault {
    let mut cause = Some(error);
    while let Some(one) = cause {
        match one.downcast_ref::<Unpaced>() {
            Some(Unpaced::Large) => return Fault::TooLarge,
            Some(Unpaced::Stalled) => return Fault::Slow,
            None => cause = one.source(),
        }
    }
    Fault::Malformed
}

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy)]
enum Unpaced {
    Large,
    Stalled,
}

impl std::fmt::Display for Unpaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Unpaced::Large => "body too large",
            Unpaced::Stalled => "body stalled",
        })
    }
}

impl std::error::Error for Unpaced {}

/// A body with a bound of bytes, that fails when it brings none for a while.
struct Paced {
    inner: Body,
    left: u64,
    stall: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Paced {
    fn new(inner: Body, max: u64, stall: Duration) -> Paced {
        Paced { inner, left: max, stall, timer: Box::pin(sleep(stall)) }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::BoxError>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) else {
            ready!(self.timer.as_mut().poll(cx));
            return Poll::Ready(Some(Err(Unpaced::Stalled.into())));
        };
        let until = Instant::now() + self.stall;
        self.timer.as_mut().reset(until);
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(e)) => return Poll::Ready(Some(Err(e.into()))),
            None => return Poll::Ready(None),
        };
        let length = frame.data_ref().map_or(0, |d| d.len() as u64);
        match self.left.checked_sub(length) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Some(Err(Unpaced::Large.into()))),
        }
        Poll::Ready(Some(Ok(frame)))
    }
}
