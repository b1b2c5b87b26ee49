//! Breaches: where a house rule is broken, and why it stands.

use std::fmt;

/// One place that breaks a rule, with the reason in both languages.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Breach {
    /// Path from the root of the repository.
    pub file: String,
    /// Line from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Breach {
    /// A breach at a line of a file.
    pub fn new(file: &str, line: usize, zh: impl Into<String>, en: impl Into<String>) -> Breach {
        Breach { file: file.to_owned(), line, zh: zh.into(), en: en.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} / {}", self.file, self.line, self.zh, self.en)
    }
}

/// All breaches as lines, in order of place, each once.
pub fn told(mut breaches: Vec<Breach>) -> String {
    breaches.sort();
    breaches.dedup();
    breaches.iter().map(|b| format!("{b}\n")).collect()
}
