//! What a verb ends in: an answer with bytes and words, or a failure with its words and exit status.

use baton_kernel::Refusal;
use baton_methods::Lang;
use baton_store::{StoreError, SubmitError, Trouble};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Exit status for a wrong call (`EX_USAGE`).
pub const EXIT_USAGE: u8 = 64;
/// Exit status for data with mistakes (`EX_DATAERR`).
pub const EXIT_DATA: u8 = 65;
/// Exit status for a file that cannot be read (`EX_NOINPUT`).
pub const EXIT_INPUT: u8 = 66;
/// Exit status for a file that cannot be written (`EX_CANTCREAT`).
pub const EXIT_OUTPUT: u8 = 73;
/// Exit status after a disk error at commit: unknown outcome, restart and retry (`EX_IOERR`).
pub const EXIT_IO: u8 = 74;
/// Exit status when it is not allowed (`EX_NOPERM`).
pub const EXIT_FORBIDDEN: u8 = 77;

/// What an errand answers.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Data: printed to standard output, or written to the file asked for.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Talk: printed to standard error.
    pub talk: String,
    /// Exit status.
    pub exit: u8,
}

impl Answer {
    /// Text for standard output.
    pub fn text(text: impl Into<String>) -> Answer {
        Answer { bytes: text.into().into_bytes(), ..Answer::default() }
    }
    /// Bytes for a file.
    pub fn bytes(bytes: Vec<u8>) -> Answer {
        Answer { bytes, ..Answer::default() }
    }
    /// The same with words beside it.
    pub fn saying(mut self, talk: impl Into<String>) -> Answer {
        self.talk = talk.into();
        self
    }
}

/// Why a verb was not carried out.
#[derive(Debug)]
pub enum Failure {
    /// Not allowed, not now, or wrong.
    Refused(Refusal),
    /// The folder or database cannot be used.
    Trouble(Trouble),
    /// Words in both languages with an exit status.
    Words {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
        /// Exit status.
        exit: u8,
    },
    /// The world failed.
    World(anyhow::Error),
}

impl Failure {
    /// A wrong call, in words already chosen.
    pub fn usage(words: String) -> Failure {
        Failure::Words { zh: words.clone(), en: words, exit: EXIT_USAGE }
    }
    /// Words in both languages.
    pub fn words(exit: u8, zh: impl Into<String>, en: impl Into<String>) -> Failure {
        Failure::Words { zh: zh.into(), en: en.into(), exit }
    }
    /// The words in a language.
    pub fn said(&self, lang: Lang) -> String {
        match self {
            Failure::Refused(refusal) => format!("{} [{}]", refusal.said(lang), refusal.code),
            Failure::Trouble(trouble) => format!("{} [{}]", lang.pick(&trouble.zh, &trouble.en), trouble.code),
            Failure::Words { zh, en, .. } => lang.pick(zh, en).clone(),
            Failure::World(error) => format!("{error:#}"),
        }
    }
    /// The exit status.
    pub fn exit(&self) -> u8 {
        match self {
            Failure::Refused(refusal) => match refusal.why {
                baton_kernel::Why::Forbidden | baton_kernel::Why::Absent => EXIT_FORBIDDEN,
                _ => EXIT_DATA,
            },
            Failure::Trouble(trouble) => trouble.exit,
            Failure::Words { exit, .. } => *exit,
            Failure::World(_) => 70,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}
impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        Failure::Trouble(trouble)
    }
}
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::World(error)
    }
}
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::Refused(refusal) => Failure::Refused(refusal),
            other => Failure::words(EXIT_IO, other.to_string(), other.to_string()),
        }
    }
}
impl From<baton_sheets::Refused> for Failure {
    fn from(refused: baton_sheets::Refused) -> Failure {
        Failure::words(EXIT_DATA, refused.said(Lang::Zh), refused.said(Lang::En))
    }
}
const _: fn(SubmitError) -> Failure = Failure::from;

/// Reads a file named on the command line.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| {
        let place = path.display();
        Failure::words(
            EXIT_INPUT,
            format!("无法读取 {place}：{e}。请核对文件名和权限"),
            format!("cannot read {place}: {e}; check its name and rights"),
        )
    })
}

/// Writes a file named on the command line.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
    }
    std::fs::write(path, bytes).map_err(|e| cannot_write(path, &e))
}

fn cannot_write(path: &Path, e: &std::io::Error) -> Failure {
    let place = path.display();
    Failure::words(
        EXIT_OUTPUT,
        format!("无法写入 {place}：{e}。请核对路径、权限和空间"),
        format!("cannot write {place}: {e}; check the path, its rights and the space left"),
    )
}
