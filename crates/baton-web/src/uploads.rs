//! Uploads: which files are taken as evidence. The name's ending must be one we know and the first bytes must be
//! what the ending says; the media type is ours, never the client's.

use crate::given::GivenFile;
use crate::limits::FILE_NAME_CHARS_MAX;
use baton_kernel::Refusal;

/// How a sort of file begins.
#[derive(Clone, Copy)]
enum Begins {
    /// With these bytes.
    With(&'static [u8]),
    /// A ZIP package with `[Content_Types].xml` or the parts of an OFD in it.
    Package,
    /// These bytes at the fourth place: ISO media and HEIC.
    Box,
    /// `RIFF`, and these letters at the eighth place.
    Riff(&'static [u8]),
    /// Text without a zero byte that is no markup.
    Text,
}

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Ending, how the file begins, and its media type.
const KINDS: &[(&str, Begins, &str)] = &[
    ("pdf", Begins::With(b"%PDF-"), "application/pdf"),
    ("ofd", Begins::Package, "application/ofd"),
    ("docx", Begins::Package, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", Begins::Package, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", Begins::Package, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("doc", Begins::With(OLE), "application/msword"),
    ("xls", Begins::With(OLE), "application/vnd.ms-excel"),
    ("ppt", Begins::With(OLE), "application/vnd.ms-powerpoint"),
    ("wps", Begins::With(OLE), "application/vnd.ms-works"),
    ("et", Begins::With(OLE), "application/vnd.ms-excel"),
    ("jpg", Begins::With(b"\xff\xd8\xff"), "image/jpeg"),
    ("jpeg", Begins::With(b"\xff\xd8\xff"), "image/jpeg"),
    ("png", Begins::With(b"\x89PNG\r\n\x1a\n"), "image/png"),
    ("gif", Begins::With(b"GIF8"), "image/gif"),
    ("bmp", Begins::With(b"BM"), "image/bmp"),
    ("webp", Begins::Riff(b"WEBP"), "image/webp"),
    ("heic", Begins::Box, "image/heic"),
    ("mp4", Begins::Box, "video/mp4"),
    ("mov", Begins::Box, "video/quicktime"),
    ("txt", Begins::Text, "text/plain"),
    ("csv", Begins::Text, "text/csv"),
    ("md", Begins::Text, "text/plain"),
];

/// The media type of a file that is taken.
///
/// Errors: `file.name` too long or with invisible characters; `file.kind` for an ending we do not know;
/// `file.disguised` when the bytes are not what the ending says.
pub(crate) fn media(file: &GivenFile) -> Result<&'static str, Refusal> {
    let name = &file.name;
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if name.chars().count() > FILE_NAME_CHARS_MAX || name.chars().any(hidden) {
        let shown: String = name.chars().filter(|c| !hidden(*c)).take(40).collect();
        return Err(Refusal::wrong("file.name", &[("name", &shown)]).at(file.field.clone()));
    }
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_lowercase());
    let Some((_, begins, media)) = KINDS.iter().find(|(e, ..)| *e == ending) else {
        let known = KINDS.iter().map(|(e, ..)| *e).collect::<Vec<_>>().join(" ");
        let args: [(&str, &dyn std::fmt::Display); 2] = [("name", name), ("known", &known)];
        return Err(Refusal::wrong("file.kind", &args).at(file.field.clone()));
    };
    if is(*begins, &file.bytes) {
        Ok(media)
    } else {
        Err(Refusal::wrong("file.disguised", &[("name", name)]).at(file.field.clone()))
    }
}

/// The words of a text file, with line ends as LF.
///
/// Errors: `page.file.no-text` naming what it is instead, at the field it came in.
pub(crate) fn words(file: &GivenFile) -> Result<String, Refusal> {
    let refused = |what: &str| {
        let args: [(&str, &dyn std::fmt::Display); 2] = [("name", &file.name), ("what", &what)];
        Refusal::wrong("page.file.no-text", &args).at(file.field.clone())
    };
    match baton_kernel::text::decode_text(&file.bytes) {
        Ok(decoded) => Ok(decoded.text.replace("\r\n", "\n")),
        Err(what) => Err(Refusal { en: refused(what.en).en, ..refused(what.zh) }),
    }
}

fn is(begins: Begins, bytes: &[u8]) -> bool {
    let found = |part: &[u8]| bytes.windows(part.len()).take(64 * 1024).any(|w| w == part);
    match begins {
        Begins::With(start) => bytes.starts_with(start),
        Begins::Package => {
            bytes.starts_with(b"PK\x03\x04")
                && (found(b"[Content_Types].xml") || found(b"OFD.xml") || found(b"docProps"))
        }
        Begins::Box => bytes.get(4..8) == Some(b"ftyp"),
        Begins::Riff(sort) => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(sort),
        Begins::Text => {
            let start: Vec<u8> = bytes.iter().copied().skip_while(u8::is_ascii_whitespace).take(5).collect();
            !bytes.contains(&0) && !matches!(start.as_slice(), [b'<', ..] | [b'#', b'!', ..] | [b'M', b'Z', 0x90, ..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &'static [u8]) -> GivenFile {
        GivenFile { field: "evidence".to_owned(), name: name.to_owned(), bytes: axum::body::Bytes::from_static(bytes) }
    }

    #[test]
    fn what_is_no_text_is_refused_in_both_languages_at_its_field() {
        let refused = words(&file("讲话.docx", b"PK\x03\x04....")).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.at.as_deref()), ("page.file.no-text", Some("evidence")));
        assert!(refused.zh.contains("Word") && refused.en.contains("a Word, Excel or zip file"), "{refused:?}");
        assert_eq!(words(&file("讲话.txt", "一\r\n二".as_bytes())).unwrap(), "一\n二");
    }

    #[test]
    fn a_file_is_taken_for_what_it_is_and_never_for_what_the_client_calls_it() {
        assert_eq!(media(&file("现场.JPG", b"\xff\xd8\xff\xe0....")), Ok("image/jpeg"));
        assert_eq!(media(&file("发票.pdf", b"%PDF-1.7 ...")), Ok("application/pdf"));
        assert_eq!(media(&file("表.csv", "单位,数\n北镇,1".as_bytes())), Ok("text/csv"));
        assert_eq!(media(&file("文.docx", b"PK\x03\x04........[Content_Types].xml")), Ok(KINDS[2].2));
        for (name, bytes, code) in [
            ("x.html", &b"<html>"[..], "file.kind"),
            ("x.svg", b"<svg>", "file.kind"),
            ("x.exe", b"MZ\x90\0", "file.kind"),
            ("x.xlsm", b"PK\x03\x04", "file.kind"),
            ("noending", b"x", "file.kind"),
            ("x.zip", b"PK\x03\x04", "file.kind"),
            ("x.pdf", b"<script>alert(1)</script>", "file.disguised"),
            ("x.jpg", b"MZ\x90\0", "file.disguised"),
            ("x.docx", b"PK\x03\x04 nothing of a document", "file.disguised"),
            ("x.txt", b"  <script>", "file.disguised"),
            ("x.txt", b"a\0b", "file.disguised"),
            ("fdp.\u{202e}exe.pdf", b"%PDF-", "file.name"),
            ("a\r\nb.pdf", b"%PDF-", "file.name"),
        ] {
            assert_eq!(media(&file(name, bytes)).unwrap_err().code, code, "{name:?}");
        }
        let long = format!("{}.pdf", "长".repeat(200));
        assert_eq!(media(&file(&long, b"%PDF-")).unwrap_err().code, "file.name");
    }
}
