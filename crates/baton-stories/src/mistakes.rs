//! Mistakes in stories, each with file, line, reason and way out in Chinese and English.

use std::fmt::Display;

/// What is wrong with a story, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}: {zh} / {en}")]
pub struct Mistake {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What is wrong, before it is known where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    pub zh: String,
    pub en: String,
}

impl Wrong {
    pub fn new(zh: impl Display, en: impl Display) -> Wrong {
        Wrong { zh: zh.to_string(), en: en.to_string() }
    }
    /// A word was needed and the line ended.
    pub fn ends(zh: &str, en: &str) -> Wrong {
        Wrong::new(format!("这一行缺少{zh}"), format!("the line ends before {en}"))
    }
    /// Something named is not there.
    pub fn unknown(noun_zh: &str, noun_en: &str, name: &str) -> Wrong {
        Wrong::new(
            format!("没有{noun_zh}“{name}”，请核对名称或先建立它"),
            format!("there is no {noun_en} “{name}”; check the name or make it first"),
        )
    }
    /// A word cannot be read as what it should be.
    pub fn unread(what_zh: &str, what_en: &str, text: &str, why: impl Display) -> Wrong {
        Wrong::new(format!("“{text}”不是{what_zh}：{why}"), format!("“{text}” is not {what_en}: {why}"))
    }
    pub fn at(self, file: &str, line: usize) -> Mistake {
        Mistake { file: file.to_owned(), line, zh: self.zh, en: self.en }
    }
}
