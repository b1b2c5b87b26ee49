//! What `verify` found, for people and for programs.

use crate::limits::FINDINGS_MAX;
use crate::trouble::EXIT_BROKEN;
use baton_kernel::Digest;
use serde::Serialize;

/// What a finding touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// A fact is not as it was written.
    Fact,
    /// A derived number comes out otherwise today.
    Derived,
    /// Worth knowing; nothing is wrong.
    Note,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code, `entry.changed`.
    pub code: &'static str,
    /// What it touches.
    pub weight: Weight,
    /// Where: `entry 5`, `file 3f9a…`, `paper …`.
    pub place: String,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
}

/// What `verify` found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Batches among them.
    pub batches: u64,
    /// Texts checked.
    pub texts: u64,
    /// Files checked.
    pub files: u64,
    /// Receipts checked.
    pub receipts: u64,
    /// Issued papers checked.
    pub papers: u64,
    /// Lines of the audit trail checked.
    pub audit: u64,
    /// Texts and files erased by law.
    pub erased: u64,
    /// Last entry.
    pub head_seq: u64,
    /// Its hash: the witness to print.
    pub head_hash: Digest,
    /// Hash of the replayed state; `None` when the ledger could not be replayed.
    pub state: Option<Digest>,
    /// Recorded states that were compared with the replay.
    pub states_compared: u64,
    /// Everything found, in order of place; at most 1,000.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub more: u64,
    facts_broken: bool,
    derived_differ: bool,
}

impl Report {
    /// Every fact is as it was written.
    pub fn facts_intact(&self) -> bool {
        !self.facts_broken
    }

    /// Every derived number of an issued paper comes out the same today.
    pub fn derived_equal(&self) -> bool {
        !self.derived_differ
    }

    /// Status with which a command should end: 0 when the facts are intact, 65 otherwise.
    pub fn exit(&self) -> u8 {
        if self.facts_broken { EXIT_BROKEN } else { 0 }
    }

    /// Whether a code was found.
    pub fn names(&self, code: &str) -> bool {
        self.findings.iter().any(|f| f.code == code)
    }

    /// The report for people, Chinese.
    pub fn lines_zh(&self) -> Vec<String> {
        let mut out = vec![
            format!("账本：{} 条、{} 批，末条第 {} 条", self.entries, self.batches, self.head_seq),
            format!("末条摘要（见证值）：{}", self.head_hash),
            match &self.state {
                Some(state) => format!("重放状态摘要：{state}，与 {} 处记录比对", self.states_compared),
                None => "重放状态摘要：账本有损，未能重放".to_owned(),
            },
            format!(
                "已核对：文本 {}、文件 {}、回执 {}、印发文件 {}、审计记录 {}；依法删除 {}",
                self.texts, self.files, self.receipts, self.papers, self.audit, self.erased
            ),
            format!("事实完整：{}", if self.facts_broken { "否" } else { "是" }),
            format!("推导数一致：{}", if self.derived_differ { "否" } else { "是" }),
        ];
        out.extend(self.findings.iter().map(|f| {
            let weight = match f.weight {
                Weight::Fact => "事实",
                Weight::Derived => "推导",
                Weight::Note => "提示",
            };
            format!("［{weight}］{}（{}）", f.zh, f.code)
        }));
        if self.more > 0 {
            out.push(format!("另有 {} 处未列出", self.more));
        }
        out
    }

    /// The report for people, English.
    pub fn lines_en(&self) -> Vec<String> {
        let mut out = vec![
            format!("ledger: {} entries in {} batches, last entry {}", self.entries, self.batches, self.head_seq),
            format!("hash of the last entry (witness): {}", self.head_hash),
            match &self.state {
                Some(state) => {
                    format!("state hash after replay: {state}, compared with {} recorded", self.states_compared)
                }
                None => "state hash after replay: the ledger is damaged and was not replayed".to_owned(),
            },
            format!(
                "checked: {} texts, {} files, {} receipts, {} issued papers, {} audit lines; erased by law: {}",
                self.texts, self.files, self.receipts, self.papers, self.audit, self.erased
            ),
            format!("facts intact: {}", if self.facts_broken { "no" } else { "yes" }),
            format!("derived numbers equal: {}", if self.derived_differ { "no" } else { "yes" }),
        ];
        out.extend(self.findings.iter().map(|f| {
            let weight = match f.weight {
                Weight::Fact => "fact",
                Weight::Derived => "derived",
                Weight::Note => "note",
            };
            format!("[{weight}] {} ({})", f.en, f.code)
        }));
        if self.more > 0 {
            out.push(format!("{} more are not listed", self.more));
        }
        out
    }

    /// The report for programs.
    pub fn json(&self) -> serde_json::Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(map) = value.as_object_mut() {
            map.remove("facts_broken");
            map.remove("derived_differ");
            map.insert("facts_intact".to_owned(), self.facts_intact().into());
            map.insert("derived_equal".to_owned(), self.derived_equal().into());
        }
        value
    }

    pub(super) fn find(
        &mut self,
        code: &'static str,
        weight: Weight,
        place: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        match weight {
            Weight::Fact => self.facts_broken = true,
            Weight::Derived => self.derived_differ = true,
            Weight::Note => {}
        }
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { code, weight, place: place.into(), zh: zh.into(), en: en.into() });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn fact(
        &mut self,
        code: &'static str,
        place: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.find(code, Weight::Fact, place, zh, en);
    }

    /// The facts are the chain's; the state follows from them by code, which may have changed since.
    pub(crate) fn state_differs(&mut self, seq: u64, program: &str) {
        self.find(
            "state.differs",
            Weight::Derived,
            format!("entry {seq}"),
            format!("第 {seq} 条处重放所得状态与 {program} 版程序记录的不同"),
            format!("the state replayed up to entry {seq} is not the one recorded by version {program}"),
        );
    }

    pub(super) fn unreadable(&mut self, what: &str, error: &sqlx::Error) {
        self.fact(
            "database.unreadable",
            what,
            format!("数据库中的 {what} 无法读取：{error}"),
            format!("{what} cannot be read from the database: {error}"),
        );
    }
}
