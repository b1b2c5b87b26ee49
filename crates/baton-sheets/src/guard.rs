//! The guard: what a foreign file is, and whether it may be opened at all, before anything is inflated.
//!
//! A file is judged by its content, never by its name.

use crate::compound::Compound;
use crate::limits::{
    ENTRIES_MAX, ENTRY_NAME_BYTES_MAX, FILE_BYTES_MAX, INFLATED_BYTES_MAX, RATIO_FREE_BYTES, RATIO_MAX,
    SHARED_STRINGS_BYTES_MAX, XLS_BYTES_MAX,
};
use crate::refused::Refused;
use baton_methods::Words;
use std::io::{Read, Seek, SeekFrom};
use zip::{CompressionMethod, ZipArchive};

/// What may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML workbook.
    Xlsx,
    /// Binary workbook of 1997–2003, as WPS offices still send it.
    Xls,
}

const ZIP: &[u8] = b"PK\x03\x04";
const CFB: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Looks at size and first bytes.
///
/// Errors: empty, too big, or no workbook; the cause says what it is instead.
pub fn sniff<R: Read + Seek>(file: &mut R) -> Result<Format, Refused> {
    let bytes = file.seek(SeekFrom::End(0)).map_err(Refused::malformed)?;
    file.seek(SeekFrom::Start(0)).map_err(Refused::malformed)?;
    let mut head = Vec::new();
    file.by_ref().take(512).read_to_end(&mut head).map_err(Refused::malformed)?;
    file.seek(SeekFrom::Start(0)).map_err(Refused::malformed)?;
    if bytes == 0 {
        return Err(Refused::new(
            "file.empty",
            Words::new("文件是空的", "the file is empty"),
            Words::new("重新保存后再上传", "save it again and send that"),
        ));
    }
    if bytes > FILE_BYTES_MAX {
        return Err(Refused::too_big(
            "file.too_big",
            format!("文件 {} MB，超过 {} MB", bytes.div_ceil(1 << 20), FILE_BYTES_MAX >> 20),
            format!("the file has {} MB, more than {} MB", bytes.div_ceil(1 << 20), FILE_BYTES_MAX >> 20),
        ));
    }
    if head.starts_with(ZIP) {
        return Ok(Format::Xlsx);
    }
    if head.starts_with(CFB) {
        if bytes > XLS_BYTES_MAX {
            return Err(Refused::too_big(
                "file.too_big",
                format!("旧格式工作簿 {} MB，超过 {} MB", bytes.div_ceil(1 << 20), XLS_BYTES_MAX >> 20),
                format!(
                    "the old binary workbook has {} MB, more than {} MB",
                    bytes.div_ceil(1 << 20),
                    XLS_BYTES_MAX >> 20
                ),
            ));
        }
        return compound(file);
    }
    let (zh, en) = what(&head);
    Err(not_a_workbook(zh, en))
}

fn not_a_workbook(zh: &str, en: &str) -> Refused {
    Refused::new(
        "file.not_a_workbook",
        Words::new(format!("这不是工作簿，而是{zh}"), format!("this is no workbook but {en}")),
        Words::new(
            "用 WPS 或 Excel 打开后“另存为”Excel 工作簿（.xlsx）；只改扩展名不起作用",
            "open it in an office program and save it as an Excel workbook (.xlsx); renaming it does not help",
        ),
    )
}

fn what(head: &[u8]) -> (&'static str, &'static str) {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let lower = text.iter().map(u8::to_ascii_lowercase).collect::<Vec<_>>();
    let start = lower.iter().position(|b| !b.is_ascii_whitespace()).map_or(&lower[..0], |i| &lower[i..]);
    const MAGIC: &[(&[u8], &str, &str)] = &[
        (b"%PDF", "PDF 文件", "a PDF"),
        (b"MZ", "Windows 程序", "a Windows program"),
        (b"\x7fELF", "Linux 程序", "a Linux program"),
        (b"\x89PNG", "图片", "a picture"),
        (b"\xff\xd8\xff", "图片", "a picture"),
        (b"GIF8", "图片", "a picture"),
        (b"BM", "图片", "a picture"),
        (b"{\\rtf", "RTF 文档", "an RTF document"),
        (b"Rar!", "RAR 压缩包", "a RAR archive"),
        (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
        (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
        (b"PK\x05\x06", "空的压缩包", "an empty archive"),
        (b"PK\x07\x08", "分卷压缩包", "a split archive"),
    ];
    if let Some((_, zh, en)) = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return (zh, en);
    }
    if [&b"<html"[..], b"<!doctype html", b"<table", b"<head", b"<meta"].iter().any(|m| start.starts_with(m)) {
        return ("网页（有的系统把网页导出成 .xls）", "a web page (some systems export pages as .xls)");
    }
    if start.starts_with(b"<?xml") || start.starts_with(b"<workbook") {
        return ("XML 文件", "an XML file");
    }
    // BIFF before 1997 stands bare: record 0x0009, 0x0209 or 0x0409.
    if head.len() > 4 && head[0] == 0x09 && matches!(head[1], 0x00 | 0x02 | 0x04) && head[3] == 0 {
        return ("1997 年以前的旧版工作簿", "a workbook from before 1997");
    }
    if !head.contains(&0) {
        return ("文本文件", "a text file");
    }
    ("无法识别的文件", "a file of unknown kind")
}

/// A compound file: an old workbook, an encrypted new one, or another office document.
fn compound<R: Read + Seek>(file: &mut R) -> Result<Format, Refused> {
    let mut bytes = Vec::new();
    file.by_ref().take(XLS_BYTES_MAX).read_to_end(&mut bytes).map_err(Refused::malformed)?;
    file.seek(SeekFrom::Start(0)).map_err(Refused::malformed)?;
    let whole = Compound::open(&bytes)?;
    let has = |name: &str| whole.has(name);
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Err(encrypted());
    }
    if has("Workbook") || has("Book") {
        if has("_VBA_PROJECT_CUR") {
            return Err(macros());
        }
        return Ok(Format::Xls);
    }
    if has("WordDocument") {
        return Err(not_a_workbook("Word 文档", "a Word document"));
    }
    if has("PowerPoint Document") {
        return Err(not_a_workbook("演示文稿", "a presentation"));
    }
    Err(not_a_workbook("其他 Office 文件", "another office file"))
}

/// Refusal of a file under a password.
pub(crate) fn encrypted() -> Refused {
    Refused::new(
        "file.encrypted",
        Words::new("文件设有打开密码，无法读取", "the file is protected by a password and cannot be read"),
        Words::new("在 WPS 或 Excel 中去掉打开密码（文件加密）后再上传", "remove the password and send it again"),
    )
}

/// Refusal of a file with macros.
pub(crate) fn macros() -> Refused {
    Refused::new(
        "file.macros",
        Words::new("文件带有宏，不予读取", "the file carries macros and is not read"),
        Words::new("另存为不带宏的 Excel 工作簿（.xlsx）再上传", "save it as a workbook without macros (.xlsx)"),
    )
}

fn bomb(code: &str, zh: String, en: String) -> Refused {
    Refused::new(
        code,
        Words::new(zh, en),
        Words::new(
            "这样的文件不是正常保存的工作簿；请用我方模板重新填写",
            "no office program saves such a file; please fill in our template",
        ),
    )
}

/// Looks through the directory of a zip package, inflating nothing.
///
/// Errors: too many parts, names that lead out, links, parts under a password, unknown packing, overlapping
/// parts, sizes or ratios past their bounds, macros, or a package that is no workbook.
pub fn package<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), Refused> {
    if archive.len() > ENTRIES_MAX {
        return Err(bomb(
            "file.too_many_parts",
            format!("压缩包内有 {} 个部件，超过 {ENTRIES_MAX} 个", archive.len()),
            format!("the package has {} parts, more than {ENTRIES_MAX}", archive.len()),
        ));
    }
    let mut total: u64 = 0;
    let mut spans: Vec<(u64, u64)> = Vec::new();
    let (mut types, mut workbook, mut binary, mut word, mut deck, mut mimetype) =
        (false, false, false, false, false, false);
    for i in 0..archive.len() {
        let part = archive.by_index_raw(i).map_err(|e| Refused::malformed(format!("zip: {e}")))?;
        let raw = part.name_raw();
        let name = std::str::from_utf8(raw).unwrap_or("").to_owned();
        let odd = raw.is_empty()
            || raw.len() > ENTRY_NAME_BYTES_MAX
            || name.is_empty()
            || name.starts_with('/')
            || name.contains(['\\', '\0', ':'])
            || name.split('/').any(|piece| piece == "..")
            || part.is_symlink();
        if odd {
            return Err(bomb(
                "file.odd_part_name",
                format!("压缩包内有不正常的部件名：{}", name.chars().take(60).collect::<String>().escape_default()),
                format!(
                    "the package holds a part with an odd name: {}",
                    name.chars().take(60).collect::<String>().escape_default()
                ),
            ));
        }
        if part.encrypted() {
            return Err(encrypted());
        }
        if !matches!(part.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(bomb(
                "file.unknown_packing",
                format!("部件 {name} 的压缩方式不受支持"),
                format!("part {name} is packed in a way that is not supported"),
            ));
        }
        let (size, packed) = (part.size(), part.compressed_size());
        total = total.saturating_add(size);
        let lower = name.to_ascii_lowercase();
        let cap = if lower.ends_with("sharedstrings.xml") { SHARED_STRINGS_BYTES_MAX } else { INFLATED_BYTES_MAX };
        if size > cap || total > INFLATED_BYTES_MAX {
            return Err(bomb(
                "file.inflates_too_much",
                format!("解压后超过 {} MB（{name}）", cap >> 20),
                format!("it inflates to more than {} MB ({name})", cap >> 20),
            ));
        }
        if size > RATIO_FREE_BYTES && size / packed.max(1) > RATIO_MAX {
            return Err(bomb(
                "file.ratio",
                format!("部件 {name} 的压缩比 {} 倍，超过 {RATIO_MAX} 倍", size / packed.max(1)),
                format!("part {name} inflates {} times, more than {RATIO_MAX}", size / packed.max(1)),
            ));
        }
        spans.push((part.header_start(), packed));
        types |= name == "[Content_Types].xml";
        workbook |= lower == "xl/workbook.xml";
        binary |= lower == "xl/workbook.bin";
        word |= lower.starts_with("word/");
        deck |= lower.starts_with("ppt/");
        mimetype |= name == "mimetype";
        if lower.ends_with("vbaproject.bin") || lower.starts_with("xl/macrosheets/") {
            return Err(macros());
        }
    }
    spans.sort_unstable();
    if spans.windows(2).any(|two| two[0].0.saturating_add(two[0].1) > two[1].0) {
        return Err(bomb("file.overlap", "压缩包内的部件互相重叠".into(), "parts of the package overlap".into()));
    }
    if workbook || (types && !binary && !word && !deck && !mimetype) {
        return Ok(());
    }
    Err(if binary {
        not_a_workbook("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")
    } else if word {
        not_a_workbook("Word 文档", "a Word document")
    } else if deck {
        not_a_workbook("演示文稿", "a presentation")
    } else if mimetype {
        not_a_workbook("ODF 文件（.ods 等）", "an ODF file (.ods …)")
    } else {
        not_a_workbook("普通压缩包", "a plain zip archive")
    })
}
