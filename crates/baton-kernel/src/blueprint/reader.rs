//! Reads TOML tables key by key, remembering what was asked for, so that an unknown key, a wrong type and
//! a missing key are diagnostics with line, column and hint, never errors.

use crate::diagnostics::Diagnostic;
use std::cell::RefCell;
use std::fmt::Display;
use toml_edit::{Item, TableLike};

/// Where diagnostics of one file go.
pub(super) struct Place<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub found: &'a RefCell<Vec<Diagnostic>>,
}

impl Place<'_> {
    pub fn say(&self, offset: usize, code: &str, args: &[(&str, &dyn Display)]) {
        self.found.borrow_mut().push(Diagnostic::at(self.file, self.text, offset, code, args));
    }
}

/// One table being read. Call [`Reader::finish`] to report keys nobody asked for.
pub(super) struct Reader<'a> {
    pub place: &'a Place<'a>,
    table: &'a dyn TableLike,
    at: usize,
    name: String,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    pub fn new(place: &'a Place<'a>, table: &'a dyn TableLike, at: usize, name: impl Into<String>) -> Self {
        Reader { place, table, at, name: name.into(), known: RefCell::default() }
    }

    /// Byte offset of a key, else of the table.
    pub fn at(&self, key: &str) -> usize {
        self.table
            .get_key_value(key)
            .and_then(|(k, item)| k.span().or_else(|| item.span()))
            .map_or(self.at, |span| span.start)
    }

    /// Byte offset of a key's value, else of the key.
    pub fn value_at(&self, key: &str) -> usize {
        self.table.get(key).and_then(Item::span).map_or_else(|| self.at(key), |span| span.start)
    }

    pub fn say(&self, key: &str, code: &str, args: &[(&str, &dyn Display)]) {
        self.place.say(self.value_at(key), code, args);
    }

    fn get(&self, key: &'static str) -> Option<&'a Item> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    fn wrong(&self, key: &str, need: &str) {
        self.say(key, "blueprint.type", &[("table", &self.name), ("key", &key), ("need", &need)]);
    }

    pub fn text(&self, key: &'static str) -> Option<String> {
        let item = self.get(key)?;
        let text = item.as_str();
        if text.is_none() {
            self.wrong(key, "\"…\"");
        }
        text.map(str::to_owned)
    }

    /// A text that must be there.
    pub fn need(&self, key: &'static str) -> Option<String> {
        if self.table.get(key).is_none() {
            self.known.borrow_mut().push(key);
            self.place.say(self.at, "blueprint.missing", &[("table", &self.name), ("key", &key)]);
            return None;
        }
        self.text(key)
    }

    /// A key of an item: lower-case letters, digits, `-` and `_`.
    pub fn key(&self) -> Option<String> {
        let key = self.need("key")?;
        let fine = !key.is_empty()
            && key.len() <= 40
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        if !fine {
            self.say("key", "blueprint.key", &[("key", &key)]);
            return None;
        }
        Some(key)
    }

    pub fn yes(&self, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(item) => item.as_bool().unwrap_or_else(|| {
                self.wrong(key, "true / false");
                false
            }),
        }
    }

    /// Whether a yes-or-no that is yes by default says no.
    pub fn no(&self, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(item) => !item.as_bool().unwrap_or_else(|| {
                self.wrong(key, "true / false");
                true
            }),
        }
    }

    pub fn whole(&self, key: &'static str, min: i64, max: i64) -> Option<i64> {
        let item = self.get(key)?;
        match item.as_integer() {
            Some(n) if (min..=max).contains(&n) => Some(n),
            Some(n) => {
                self.say(key, "blueprint.range", &[("key", &key), ("value", &n), ("min", &min), ("max", &max)]);
                None
            }
            None => {
                self.wrong(key, "123");
                None
            }
        }
    }

    /// A decimal, written as a number or as a text.
    pub fn decimal(&self, key: &'static str) -> Option<rust_decimal::Decimal> {
        let item = self.get(key)?;
        let found = self.decimal_of(item);
        if found.is_none() {
            self.wrong(key, "1.25");
        }
        found
    }

    fn decimal_of(&self, item: &Item) -> Option<rust_decimal::Decimal> {
        let raw = match item.as_str() {
            Some(text) => text.to_owned(),
            None if item.is_integer() || item.is_float() => self.place.text.get(item.span()?)?.to_owned(),
            None => return None,
        };
        raw.replace('_', "").parse().ok()
    }

    pub fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(item) = self.get(key) else { return Vec::new() };
        let Some(list) = item.as_array() else {
            self.wrong(key, "[\"…\"]");
            return Vec::new();
        };
        let found: Vec<String> = list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
        if found.len() != list.len() {
            self.wrong(key, "[\"…\"]");
        }
        found
    }

    pub fn decimals(&self, key: &'static str) -> Vec<rust_decimal::Decimal> {
        let Some(item) = self.get(key) else { return Vec::new() };
        let Some(list) = item.as_array() else {
            self.wrong(key, "[0.25, 0.5]");
            return Vec::new();
        };
        list.iter()
            .filter_map(|v| {
                let raw = match v.as_str() {
                    Some(text) => text,
                    None => self.place.text.get(v.span()?)?,
                };
                raw.parse().ok()
            })
            .collect()
    }

    /// A label: `{ zh = "…", en = "…" }` or one text for both.
    pub fn label(&self, key: &'static str) -> Option<super::Label> {
        let item = self.get(key)?;
        if let Some(text) = item.as_str() {
            return Some(super::Label { zh: text.to_owned(), en: String::new() });
        }
        let Some(table) = item.as_table_like() else {
            self.wrong(key, "{ zh = \"…\", en = \"…\" }");
            return None;
        };
        let inner = Reader::new(self.place, table, self.value_at(key), format!("{}.{key}", self.name));
        let label = super::Label { zh: inner.need("zh").unwrap_or_default(), en: inner.text("en").unwrap_or_default() };
        inner.finish();
        Some(label)
    }

    /// A label that must be there.
    pub fn need_label(&self, key: &'static str) -> super::Label {
        if self.table.get(key).is_none() {
            self.known.borrow_mut().push(key);
            self.place.say(self.at, "blueprint.missing", &[("table", &self.name), ("key", &key)]);
            return super::Label::default();
        }
        self.label(key).unwrap_or_default()
    }

    /// A bound: a decimal that may be absent.
    pub fn table_free_decimal(&self, key: &'static str) -> Option<rust_decimal::Decimal> {
        if self.table.get(key).is_none() {
            self.known.borrow_mut().push(key);
            return None;
        }
        self.decimal(key)
    }

    /// A table under a key.
    pub fn table(&self, key: &'static str) -> Option<Reader<'a>> {
        let item = self.get(key)?;
        match item.as_table_like() {
            Some(table) => Some(Reader::new(self.place, table, self.value_at(key), key)),
            None => {
                self.wrong(key, &format!("[{key}]"));
                None
            }
        }
    }

    /// Tables under a key: `[[key]]` or an inline list of tables.
    pub fn tables(&self, key: &'static str) -> Vec<Reader<'a>> {
        let Some(item) = self.get(key) else { return Vec::new() };
        if let Some(list) = item.as_array_of_tables() {
            return list
                .iter()
                .map(|t| Reader::new(self.place, t, t.span().map_or(self.at(key), |s| s.start), format!("[[{key}]]")))
                .collect();
        }
        if let Some(list) = item.as_array() {
            let inner: Vec<Reader<'a>> = list
                .iter()
                .filter_map(|v| {
                    let at = v.span().map_or(self.at(key), |s| s.start);
                    v.as_inline_table().map(|t| Reader::new(self.place, t as &dyn TableLike, at, key))
                })
                .collect();
            if inner.len() == list.len() {
                return inner;
            }
        }
        self.wrong(key, &format!("[[{key}]]"));
        Vec::new()
    }

    /// Reports every key that nobody asked for, with the nearest known one as a hint.
    pub fn finish(&self) {
        let known = self.known.borrow();
        for (key, item) in self.table.iter() {
            if !known.contains(&key) {
                let near = known.iter().min_by_key(|k| distance(k, key)).copied().unwrap_or("");
                let at = self.table.get_key_value(key).and_then(|(k, _)| k.span()).or_else(|| item.span());
                self.place.say(
                    at.map_or(self.at, |s| s.start),
                    "blueprint.unknown",
                    &[("table", &self.name), ("key", &key), ("near", &near), ("known", &known.join(", "))],
                );
            }
        }
    }
}

/// Edit distance, for the hint.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (corner + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
