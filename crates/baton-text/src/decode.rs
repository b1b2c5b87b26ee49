//! Decoding: the bytes of a Chinese text file in UTF-8, UTF-16, GB18030 or Big5.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// A decoded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding it was taken for, `UTF-8`, `gb18030`, `Big5`, `UTF-16LE`, `UTF-16BE`.
    pub encoding: &'static str,
    /// Were there bytes that the encoding has no character for? They became U+FFFD.
    pub damaged: bool,
}

/// Decodes the bytes of a text file: by its byte order mark, else UTF-8 when it is valid, else GB18030 or Big5,
/// whichever fits better. Never fails; damage is marked.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[length..]);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return with(UTF_8, bytes);
    }
    let zeros =
        |odd: usize| bytes.iter().skip(odd).step_by(2).take(512).filter(|&&byte| byte == 0 || byte == 10).count();
    if bytes.len() >= 8 && bytes.len() % 2 == 0 && bytes.contains(&0) {
        return with(if zeros(1) >= zeros(0) { UTF_16LE } else { UTF_16BE }, bytes);
    }
    let candidates = [with(UTF_8, bytes), with(GB18030, bytes), with(BIG5, bytes)];
    let faults = |decoded: &Decoded| {
        decoded.text.chars().filter(|&c| c == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(&c)).count()
    };
    let marks = |decoded: &Decoded| {
        decoded.text.chars().filter(|&c| crate::chars::is_stop(c) || matches!(c, '的' | '和' | '在')).count()
    };
    let [utf8, gb18030, big5] = candidates;
    if faults(&utf8) * 50 < utf8.text.chars().count() {
        return utf8;
    }
    if faults(&big5) < faults(&gb18030) || (faults(&big5) == faults(&gb18030) && marks(&big5) > marks(&gb18030)) {
        return big5;
    }
    gb18030
}

/// How a file begins that is no text, and what it is.
const NO_TEXTS: [(&[u8], &str, &str); 9] = [
    (b"PK\x03\x04", "Word、Excel 或压缩文件", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文件", "an old Word or Excel file"),
    (b"%PDF", "PDF 文件", "a PDF file"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"\x1f\x8b", "压缩文件", "a compressed file"),
    (b"Rar!", "压缩文件", "a compressed file"),
    (b"\x7fELF", "程序文件", "a program"),
];

/// What a file is that is no text, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoText {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// Decodes the bytes of a file that should be a text, as [`decode`].
///
/// Errors: it begins as a file of another sort does, or a tenth of it is no character in any encoding we know.
pub fn decode_text(bytes: &[u8]) -> Result<Decoded, NoText> {
    if let Some((_, zh, en)) = NO_TEXTS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(NoText { zh, en });
    }
    let decoded = decode(bytes);
    let lost = decoded.text.chars().filter(|&c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    if lost * 10 > decoded.text.chars().count() {
        return Err(NoText {
            zh: "读不通的文件（UTF-8、UTF-16、GB18030、Big5 都不是）",
            en: "not readable as UTF-8, UTF-16, GB18030 or Big5",
        });
    }
    Ok(decoded)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), damaged }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_text_is_named_and_a_text_in_any_encoding_is_read() {
        for (bytes, what) in [(&b"PK\x03\x04rest"[..], "zip"), (b"%PDF-1.7", "PDF"), (b"\xd0\xcf\x11\xe0old", "old Word")] {
            assert!(decode_text(bytes).unwrap_err().en.contains(what), "{what}");
        }
        assert!(decode_text(&[1, 2, 3, 4, 5, 6, 7]).unwrap_err().en.contains("UTF-8"));
        let words = "各镇街要加快推进项目。";
        let (gb, _, _) = GB18030.encode(words);
        assert_eq!(decode_text(&gb).unwrap().text, words);
        assert_eq!(decode_text(words.as_bytes()).unwrap().text, words);
    }
}
