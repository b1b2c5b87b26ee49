//! Streaming markup out of a package, with a bound on everything: bytes inflated, bytes of one piece of
//! markup, and no document types.

use crate::limits::MARKUP_BYTES_MAX;
use crate::refused::Refused;
use baton_methods::Words;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::{self, BufRead, BufReader, Read, Seek};
use zip::ZipArchive;
use zip::read::ZipFile;

/// A part while it is inflated; it may not give more than it declared.
pub(crate) struct Metered<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return match self.inner.read(&mut [0; 1])? {
                0 => Ok(0),
                _ => Err(io::Error::other(lying())),
            };
        }
        let most = buf.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let got = self.inner.read(&mut buf[..most])?;
        self.left -= got as u64;
        Ok(got)
    }
}

fn lying() -> Refused {
    Refused::new(
        "file.lies_about_size",
        Words::new("部件解压后比声明的大", "a part inflates to more than it declares"),
        Words::new(
            "这样的文件不是正常保存的工作簿；请用我方模板重新填写",
            "no office program saves such a file; please fill in our template",
        ),
    )
}

/// Counts the bytes of one piece of markup and stops at the bound.
pub(crate) struct Capped<R> {
    inner: R,
    since: u64,
}

impl<R: BufRead> Read for Capped<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buf)?;
        self.since += got as u64;
        Ok(got)
    }
}

impl<R: BufRead> BufRead for Capped<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > MARKUP_BYTES_MAX {
            return Err(io::Error::other(Refused::new(
                "file.endless_markup",
                Words::new(
                    format!("部件里有一段超过 {} KB 的文字或空白", MARKUP_BYTES_MAX >> 10),
                    format!("a part holds one run of text or blanks of more than {} KB", MARKUP_BYTES_MAX >> 10),
                ),
                Words::new(
                    "这样的文件不是正常保存的工作簿；请用我方模板重新填写",
                    "no office program saves such a file; please fill in our template",
                ),
            )));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.since += amount as u64;
        self.inner.consume(amount);
    }
}

/// A part of the package, inflated as it is read.
pub(crate) type Part<'a, R> = Metered<ZipFile<'a, R>>;

/// Opens a part by name.
pub(crate) fn part<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    name: &str,
) -> Result<Option<Part<'a, R>>, Refused> {
    match archive.by_name(name) {
        Ok(inner) => {
            let left = inner.size();
            Ok(Some(Metered { inner, left }))
        }
        Err(zip::result::ZipError::FileNotFound) => Ok(None),
        Err(e) => Err(Refused::malformed(format!("{name}: {e}"))),
    }
}

/// A stream of markup.
pub(crate) struct Markup<R> {
    reader: Reader<Capped<BufReader<R>>>,
    buffer: Vec<u8>,
    name: String,
}

impl<R: Read> Markup<R> {
    /// Reads `part`, called `name` in causes.
    pub(crate) fn new(part: R, name: &str) -> Markup<R> {
        let mut reader = Reader::from_reader(Capped { inner: BufReader::with_capacity(64 * 1024, part), since: 0 });
        let config = reader.config_mut();
        config.check_end_names = false;
        config.check_comments = false;
        config.allow_unmatched_ends = true;
        Markup { reader, buffer: Vec::with_capacity(1024), name: name.to_owned() }
    }

    /// The next event.
    ///
    /// Errors: damaged markup, a bound, a document type.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, Refused> {
        self.buffer.clear();
        self.reader.get_mut().since = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::DocType(_)) => Err(document_type(&self.name)),
            Ok(event) => Ok(event),
            Err(e) => Err(cause(&self.name, e)),
        }
    }
}

fn document_type(name: &str) -> Refused {
    Refused::new(
        "file.document_type",
        Words::new(format!("部件 {name} 带有 DTD 声明"), format!("part {name} declares a document type")),
        Words::new(
            "这样的文件不是正常保存的工作簿；请用我方模板重新填写",
            "no office program saves such a file; please fill in our template",
        ),
    )
}

fn cause(name: &str, e: quick_xml::Error) -> Refused {
    match &e {
        quick_xml::Error::Io(io) => refused_in(name, io),
        other => Refused::malformed(format!("{name}: {other}")),
    }
}

/// The refusal that an I/O error carries, or a damaged part.
pub(crate) fn refused_in(name: &str, e: &io::Error) -> Refused {
    match e.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()) {
        Some(refused) => refused.clone(),
        None => Refused::malformed(format!("{name}: {e}")),
    }
}

/// Adds what an entity or character reference stands for.
pub(crate) fn push_reference(reference: &BytesRef<'_>, to: &mut String) -> Result<(), Refused> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => to.push(c),
        Ok(None) => match resolve_predefined_entity(&reference.xml10_content()) {
            Some(text) => to.push_str(text),
            None => return Err(Refused::malformed("unknown entity")),
        },
        Err(e) => return Err(Refused::malformed(e)),
    }
    Ok(())
}

/// An attribute by its name as written, freed of references.
pub(crate) fn attribute(e: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refused> {
    for one in e.attributes().with_checks(false) {
        let one = one.map_err(Refused::malformed)?;
        let key: &str = one.key.as_ref();
        if key == name {
            return Ok(Some(quick_xml::escape::unescape(&one.value).map_err(Refused::malformed)?.into_owned()));
        }
    }
    Ok(None)
}

/// Whether an attribute of `e` says yes.
pub(crate) fn says_yes(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true" | "on"))
}
