//! Refusals: not allowed, or not now. Each has a stable code and says why and what to do, in zh and en.

use baton_methods::Lang;
use serde::{Deserialize, Serialize};

/// A family of refusals, as the edges map it to an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Absent, or not yours: the same answer for both.
    Absent,
    /// You may see it but not do this.
    Forbidden,
    /// Not in this state, not at this time.
    NotNow,
    /// Someone changed it since you looked; both values are named.
    Conflict,
    /// What was given is wrong.
    Wrong,
}

/// A command that is not carried out: a stable code, the reason and the way out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {zh} / {en}")]
pub struct Refusal {
    /// Stable code, `round.closed`.
    pub code: String,
    /// Family.
    pub why: Why,
    /// Reason and way out in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Field or cell it is about, as the form names it.
    pub at: Option<String>,
}

impl Refusal {
    /// A refusal of a family under a code from the message catalogue, with `{name}` places filled.
    pub fn new(why: Why, code: &str, args: &[(&str, &dyn std::fmt::Display)]) -> Refusal {
        Refusal {
            code: code.to_owned(),
            why,
            zh: crate::messages::say(Lang::Zh, code, args),
            en: crate::messages::say(Lang::En, code, args),
            at: None,
        }
    }

    /// The same about one field or cell.
    pub fn at(mut self, at: impl Into<String>) -> Refusal {
        self.at = Some(at.into());
        self
    }

    /// The words in a language.
    pub fn said(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Absent or not yours.
    pub fn absent() -> Refusal {
        Refusal::new(Why::Absent, "absent", &[])
    }
    /// Seen but not allowed.
    pub fn forbidden(verb: &str) -> Refusal {
        Refusal::new(Why::Forbidden, "forbidden", &[("verb", &verb)])
    }
    /// Wrong input under a code.
    pub fn wrong(code: &str, args: &[(&str, &dyn std::fmt::Display)]) -> Refusal {
        Refusal::new(Why::Wrong, code, args)
    }
    /// Not in this state or at this time, under a code.
    pub fn not_now(code: &str, args: &[(&str, &dyn std::fmt::Display)]) -> Refusal {
        Refusal::new(Why::NotNow, code, args)
    }
}
