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

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), damaged }
}
