//! A file that is not read, and why.

use baton_methods::{Lang, Words};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A file that was refused: a stable code, the cause, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Stable code, e.g. `file.encrypted`.
    pub code: String,
    /// What is wrong with the file.
    pub cause: Words,
    /// What to do.
    pub hint: Words,
}

impl Refused {
    /// A refusal.
    pub fn new(code: &str, cause: Words, hint: Words) -> Refused {
        Refused { code: code.to_owned(), cause, hint }
    }

    /// A file that is damaged or not what it claims: `what` names the part.
    pub(crate) fn malformed(what: impl fmt::Display) -> Refused {
        let what: String = what.to_string().chars().take(200).collect();
        Refused::new(
            "file.malformed",
            Words::new(format!("文件损坏或不完整：{what}"), format!("the file is damaged or cut off: {what}")),
            Words::new(
                "用 WPS 或 Excel 打开后另存为 .xlsx 再上传",
                "open it in an office program, save it as .xlsx and send that",
            ),
        )
    }

    /// A file past a bound: `zh` and `en` name the bound.
    pub(crate) fn too_big(code: &str, zh: String, en: String) -> Refused {
        Refused::new(
            code,
            Words::new(zh, en),
            Words::new(
                "只保留要填报的工作表，删去多余的行列和内容后再上传",
                "keep only the sheets to report, without surplus rows and columns",
            ),
        )
    }

    /// Cause and hint in `lang`.
    pub fn said(&self, lang: Lang) -> String {
        format!("{}{}{}", self.cause.in_lang(lang), lang.pick("。", ". "), self.hint.in_lang(lang))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {} [{}]", self.said(Lang::Zh), self.said(Lang::En), self.code)
    }
}

impl std::error::Error for Refused {}
