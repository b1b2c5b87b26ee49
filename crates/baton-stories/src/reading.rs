//! Reading a line word by word: what comes in order, then options in any order.

use crate::mistakes::Wrong;
use crate::script::Word;
use baton_methods::Period;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The words of a line not read yet.
pub(crate) struct Reading<'a> {
    words: &'a [Word],
}

/// Options that followed: keyword → value; flags have an empty value.
pub(crate) struct Options(BTreeMap<&'static str, String>);

impl<'a> Reading<'a> {
    pub fn new(words: &'a [Word]) -> Reading<'a> {
        Reading { words }
    }

    /// The next word, not taken.
    pub fn peek(&self) -> Option<&'a Word> {
        self.words.first()
    }

    /// Whether the next word is this keyword, not quoted.
    pub fn is(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|w| !w.quoted && w.text == keyword)
    }

    /// Takes the keyword when it is next.
    pub fn take(&mut self, keyword: &str) -> bool {
        let is = self.is(keyword);
        if is {
            self.words = &self.words[1..];
        }
        is
    }

    /// Takes one word; `what` names it when the line ends.
    pub fn word(&mut self, zh: &str, en: &str) -> Result<&'a str, Wrong> {
        let (first, rest) = self.words.split_first().ok_or_else(|| Wrong::ends(zh, en))?;
        self.words = rest;
        Ok(&first.text)
    }

    /// Takes a keyword that must be next.
    pub fn keyword(&mut self, keyword: &str) -> Result<(), Wrong> {
        if self.take(keyword) {
            return Ok(());
        }
        let found = self.peek().map_or("", |w| w.text.as_str());
        Err(Wrong::new(format!("此处应写 {keyword}，写的是“{found}”"), format!("expected {keyword}, found “{found}”")))
    }

    pub fn date(&mut self) -> Result<Date, Wrong> {
        date(self.word("日期", "a date")?)
    }

    pub fn period(&mut self) -> Result<Period, Wrong> {
        period(self.word("所属期", "a period")?)
    }

    /// Takes words until one of the keywords, joined without blanks: `12500 万元` → `12500万元`.
    pub fn until(&mut self, keywords: &[&str]) -> String {
        let mut out = String::new();
        while let Some(word) = self.peek() {
            if !word.quoted && keywords.contains(&word.text.as_str()) {
                break;
            }
            out.push_str(&word.text);
            self.words = &self.words[1..];
        }
        out
    }

    /// Takes every remaining word as `keyword value` or a flag.
    pub fn options(&mut self, valued: &[&'static str], flags: &[&'static str]) -> Result<Options, Wrong> {
        let mut found = BTreeMap::new();
        while let Some(word) = self.peek() {
            let text = word.text.as_str();
            self.words = &self.words[1..];
            if let Some(flag) = flags.iter().find(|f| !word.quoted && **f == text) {
                found.insert(*flag, String::new());
                continue;
            }
            let Some(key) = valued.iter().find(|k| !word.quoted && **k == text) else {
                let known: Vec<&str> = valued.iter().chain(flags).copied().collect();
                let known = known.join(" ");
                return Err(Wrong::new(
                    format!("不认识“{text}”，此处可用：{known}"),
                    format!("“{text}” is not known here; known: {known}"),
                ));
            };
            let value = self.word(&format!("{key} 的值"), &format!("the value of {key}"))?;
            found.insert(*key, value.to_owned());
        }
        Ok(Options(found))
    }

    /// Refuses words left over.
    pub fn end(&self) -> Result<(), Wrong> {
        match self.peek() {
            None => Ok(()),
            Some(word) => Err(Wrong::new(
                format!("多出“{}”，请删去", word.text),
                format!("“{}” is too much; delete it", word.text),
            )),
        }
    }
}

impl Options {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
    pub fn text(&self, key: &str) -> String {
        self.get(key).unwrap_or_default().to_owned()
    }
    pub fn need(&self, key: &str) -> Result<&str, Wrong> {
        self.get(key).ok_or_else(|| Wrong::ends(&format!(" {key} …"), &format!("{key} …")))
    }
    pub fn date(&self, key: &str) -> Result<Option<Date>, Wrong> {
        self.get(key).map(date).transpose()
    }
    /// A list with commas between, 、 or ，alike.
    pub fn list(&self, key: &str) -> Vec<String> {
        self.get(key).map_or_else(Vec::new, list)
    }
    pub fn whole<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>, Wrong> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let number = text.parse().map_err(|_| Wrong::unread("整数", "a whole number", text, key))?;
        Ok(Some(number))
    }
}

pub(crate) fn list(text: &str) -> Vec<String> {
    text.split([',', '，', '、']).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn date(text: &str) -> Result<Date, Wrong> {
    text.parse().map_err(|e| Wrong::unread("日期（例：2023-04-26）", "a date such as 2023-04-26", text, e))
}

pub(crate) fn period(text: &str) -> Result<Period, Wrong> {
    Period::parse(text).map_err(|e| Wrong::unread("所属期（例：2023M03）", "a period such as 2023M03", text, e))
}

pub(crate) fn decimal(text: &str) -> Result<Decimal, Wrong> {
    text.parse().map_err(|e| Wrong::unread("数", "a number", text, e))
}
