//! Diagnostics: mistakes in data, with place and hint. Parsing returns a value *and* diagnostics.

use baton_methods::Lang;
use serde::Serialize;
use std::fmt;

/// A mistake in a file that a person wrote: where, what, and the way out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, PartialOrd, Ord)]
pub struct Diagnostic {
    /// File as named by the caller, `kinds/hazard.toml`.
    pub file: String,
    /// Line from 1; 0 when the file as a whole is meant.
    pub line: u32,
    /// Column in characters from 1.
    pub column: u32,
    /// Stable code.
    pub code: String,
    /// Reason and hint in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Diagnostic {
    /// A diagnostic at a byte offset of `text`, in the words of the catalogue under `code`.
    pub fn at(file: &str, text: &str, offset: usize, code: &str, args: &[(&str, &dyn fmt::Display)]) -> Diagnostic {
        let before = text.get(..offset.min(text.len())).unwrap_or_default();
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
        Diagnostic { column, ..Diagnostic::on_line(file, line as usize, code, args) }
    }

    /// A diagnostic about a whole line.
    pub fn on_line(file: &str, line: usize, code: &str, args: &[(&str, &dyn fmt::Display)]) -> Diagnostic {
        Diagnostic {
            file: file.to_owned(),
            line: line as u32,
            column: 1,
            code: code.to_owned(),
            zh: crate::messages::say(Lang::Zh, code, args),
            en: crate::messages::say(Lang::En, code, args),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: [{}] {} / {}", self.file, self.line, self.column, self.code, self.zh, self.en)
    }
}
