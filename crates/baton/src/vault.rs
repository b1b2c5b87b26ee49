//! Verify, backup, restore, export: the zone's folder as evidence.

use crate::Format;
use crate::answer::{EXIT_DATA, Failure};
use baton_kernel::ids::PaperId;
use baton_kernel::{Digest, Zone};
use baton_methods::Lang;
use baton_store::safekeeping::{self, Care, Kept};
use baton_store::verify::{PaperFinding, Report};
use std::path::Path;

/// Re-derives an issued paper's facts and numbers for `verify`.
pub fn recheck(zone: &Zone, paper: PaperId, data: &[u8]) -> Vec<PaperFinding> {
    let Ok(data) = serde_json::from_slice::<serde_json::Value>(data) else {
        return vec![PaperFinding {
            fact: true,
            zh: "数据部分无法读取".to_owned(),
            en: "its data part cannot be read".to_owned(),
        }];
    };
    baton_kernel::views::circular::recheck(zone, paper, &data)
        .into_iter()
        .map(|f| PaperFinding { fact: f.facts, zh: f.zh, en: f.en })
        .collect()
}

fn witness_of(text: &str) -> Result<Digest, Failure> {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    digits.parse().map_err(|_| {
        Failure::words(
            EXIT_DATA,
            format!("“{text}”不是指纹：通报末行印有 64 位十六进制指纹，空格和连字符可以照抄"),
            format!("“{text}” is no fingerprint: the last line of a circular prints 64 hexadecimal digits"),
        )
    })
}

fn print(report: &Report, format: Format, lang: Lang) -> Result<(), Failure> {
    if format == Format::Json {
        println!("{}", serde_json::to_string_pretty(&report.json()).map_err(|e| Failure::World(e.into()))?);
    } else {
        for line in lang.pick(report.lines_zh(), report.lines_en()) {
            println!("{line}");
        }
    }
    Ok(())
}

/// `baton verify`: facts intact and derived numbers equal, said apart; status 65 when a fact is not as written.
pub async fn verify(dir: &Path, witness: Option<String>, format: Format, lang: Lang) -> Result<u8, Failure> {
    let witness = witness.as_deref().map(witness_of).transpose()?;
    let report = baton_store::verify::verify(dir, witness, &recheck).await?;
    print(&report, format, lang)?;
    let (intact, head) = (report.facts_intact(), report.head_seq);
    recorded(dir, Kept { at: jiff::Timestamp::now(), care: Care::Verify, intact, head, file: String::new() });
    Ok(report.exit())
}

/// Keeps what was done for the page of the system; a folder that cannot be written keeps nothing.
fn recorded(dir: &Path, kept: Kept) {
    if let Err(error) = safekeeping::record(dir, &kept) {
        tracing::warn!(%error, "not recorded in the zone's folder");
    }
}

/// `baton backup FILE`: restored and verified before it is called a backup.
pub async fn backup(dir: &Path, file: &Path, lang: Lang) -> Result<u8, Failure> {
    let manifest = baton_store::archive::backup(dir, file, jiff::Timestamp::now(), &recheck).await?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (at, head) = (jiff::Timestamp::now(), manifest.head_seq);
    recorded(dir, Kept { at, care: Care::Backup, intact: true, head, file: name });
    println!(
        "{}",
        lang.pick(
            format!("已备份并验证：{}，台账到第 {} 条", file.display(), manifest.head_seq),
            format!("backed up and verified: {}, ledger to entry {}", file.display(), manifest.head_seq),
        )
    );
    Ok(0)
}

/// `baton restore FILE`: into an empty folder only.
pub async fn restore(file: &Path, dir: &Path, lang: Lang) -> Result<u8, Failure> {
    let report = baton_store::archive::restore(file, dir, &recheck).await?;
    print(&report, Format::Text, lang)?;
    Ok(report.exit())
}

/// `baton export FOLDER`: ledger, texts and files, readable without Baton.
pub async fn export(dir: &Path, folder: &Path, lang: Lang) -> Result<u8, Failure> {
    let done = baton_store::export::export(dir, folder).await?;
    println!(
        "{}",
        lang.pick(
            format!("已导出 {} 条台账到 {}", done.entries, folder.display()),
            format!("{} entries exported to {}", done.entries, folder.display()),
        )
    );
    Ok(0)
}
