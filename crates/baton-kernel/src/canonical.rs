//! Canonical text: JSON with sorted keys, no blanks, integers and strings only. What the ledger hashes.
//!
//! Written straight from the value; an object whose members came out of order is put in order in place.

use serde::Serialize;
use serde::ser;
use std::fmt::{self, Display, Write as _};
use std::ops::Range;

/// Canonical text of a value: keys sorted, no blanks, integers and strings only.
///
/// Panics when the value holds a fraction: quantities are decimal strings in the ledger.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    value.serialize(Writer { out: &mut out }).expect("ledger values serialise");
    out
}

/// Why a value has no canonical text.
#[derive(Debug)]
struct Unfit(String);

impl Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: Display>(words: T) -> Self {
        Unfit(words.to_string())
    }
}

/// A text as JSON writes it: plain ones without a detour.
fn text(text: &str, out: &mut String) {
    if text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).expect("a text serialises"));
    }
}

struct Writer<'a> {
    out: &'a mut String,
}

/// The elements of a list; `more` closes the objects around it.
struct List<'a> {
    out: &'a mut String,
    empty: bool,
    more: &'static str,
}

/// The members of an object: where each key and each member lies in `out`.
struct Members<'a> {
    out: &'a mut String,
    start: usize,
    members: Vec<(Range<usize>, usize)>,
    more: &'static str,
}

impl<'a> List<'a> {
    fn open(out: &'a mut String, more: &'static str) -> List<'a> {
        out.push('[');
        List { out, empty: true, more }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(',');
        }
        value.serialize(Writer { out: self.out })
    }

    fn close(self) -> Result<(), Unfit> {
        self.out.push(']');
        self.out.push_str(self.more);
        Ok(())
    }
}

impl<'a> Members<'a> {
    fn open(out: &'a mut String, more: &'static str) -> Members<'a> {
        out.push('{');
        let start = out.len();
        Members { out, start, members: Vec::new(), more }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        if !self.members.is_empty() {
            self.out.push(',');
        }
        let from = self.out.len();
        key.serialize(Writer { out: self.out })?;
        let key = from..self.out.len();
        if !self.out[key.clone()].starts_with('"') {
            return Err(Unfit("a key must be a text".to_owned()));
        }
        self.out.push(':');
        self.members.push((key, 0));
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        value.serialize(Writer { out: self.out })?;
        if let Some(last) = self.members.last_mut() {
            last.1 = self.out.len();
        }
        Ok(())
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unfit> {
        self.key(key)?;
        self.value(value)
    }

    fn close(self) -> Result<(), Unfit> {
        let Members { out, start, mut members, more } = self;
        let plain = |key: &Range<usize>| &out[key.start + 1..key.end - 1];
        if members.is_sorted_by_key(|m| plain(&m.0)) && !escaped(&members, out) {
            out.push('}');
            out.push_str(more);
            return Ok(());
        }
        if escaped(&members, out) {
            members.sort_by_cached_key(|m| serde_json::from_str::<String>(&out[m.0.clone()]).unwrap_or_default());
        } else {
            members.sort_by_key(|m| plain(&m.0));
        }
        let mut sorted = String::with_capacity(out.len() - start);
        for (n, (key, end)) in members.iter().enumerate() {
            if n > 0 {
                sorted.push(',');
            }
            sorted.push_str(&out[key.start..*end]);
        }
        out.truncate(start);
        out.push_str(&sorted);
        out.push('}');
        out.push_str(more);
        Ok(())
    }
}

/// Whether some key is written with an escape: its order is that of the text, not of the writing.
fn escaped(members: &[(Range<usize>, usize)], out: &str) -> bool {
    members.iter().any(|m| out[m.0.clone()].contains('\\'))
}

macro_rules! whole {
    ($($name:ident: $type:ty),*) => {$(
        fn $name(self, v: $type) -> Result<(), Unfit> {
            let _ = write!(self.out, "{v}");
            Ok(())
        }
    )*};
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    whole!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_f32(self, _: f32) -> Result<(), Unfit> {
        Err(Unfit("a fraction in the ledger must be a decimal string".to_owned()))
    }
    fn serialize_f64(self, _: f64) -> Result<(), Unfit> {
        Err(Unfit("a fraction in the ledger must be a decimal string".to_owned()))
    }
    fn serialize_char(self, v: char) -> Result<(), Unfit> {
        text(v.encode_utf8(&mut [0; 4]), self.out);
        Ok(())
    }
    fn serialize_str(self, v: &str) -> Result<(), Unfit> {
        text(v, self.out);
        Ok(())
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        // Identities, days, decimals: written in place, and again only when something must be escaped.
        self.out.push('"');
        let from = self.out.len();
        let _ = write!(self.out, "{value}");
        if self.out[from..].bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
            self.out.push('"');
        } else {
            let odd = self.out.split_off(from);
            self.out.pop();
            text(&odd, self.out);
        }
        Ok(())
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<(), Unfit> {
        let mut list = List::open(self.out, "");
        v.iter().try_for_each(|b| list.element(b))?;
        list.close()
    }
    fn serialize_none(self) -> Result<(), Unfit> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Unfit> {
        self.out.push_str("null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unfit> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unfit> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        let mut members = Members::open(self.out, "");
        members.member(variant, value)?;
        members.close()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, Unfit> {
        Ok(List::open(self.out, ""))
    }
    fn serialize_tuple(self, _: usize) -> Result<List<'a>, Unfit> {
        Ok(List::open(self.out, ""))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, Unfit> {
        Ok(List::open(self.out, ""))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, Unfit> {
        self.out.push('{');
        text(variant, self.out);
        self.out.push(':');
        Ok(List::open(self.out, "}"))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, Unfit> {
        Ok(Members::open(self.out, ""))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, Unfit> {
        Ok(Members::open(self.out, ""))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>, Unfit> {
        self.out.push('{');
        text(variant, self.out);
        self.out.push(':');
        Ok(Members::open(self.out, "}"))
    }
}

macro_rules! lists {
    ($($trait:ident::$element:ident),*) => {$(
        impl ser::$trait for List<'_> {
            type Ok = ();
            type Error = Unfit;
            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
                self.element(value)
            }
            fn end(self) -> Result<(), Unfit> {
                self.close()
            }
        }
    )*};
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! objects {
    ($($trait:ident),*) => {$(
        impl ser::$trait for Members<'_> {
            type Ok = ();
            type Error = Unfit;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unfit> {
                self.member(key, value)
            }
            fn end(self) -> Result<(), Unfit> {
                self.close()
            }
        }
    )*};
}

objects!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Unfit;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        self.key(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.value(value)
    }
    fn end(self) -> Result<(), Unfit> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The same by way of a value tree: the slow and certain way.
    fn by_tree(value: &serde_json::Value, out: &mut String) {
        use serde_json::Value;
        match value {
            Value::Object(map) => {
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_by_key(|p| p.0);
                out.push('{');
                for (n, (key, value)) in pairs.into_iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::to_string(key).unwrap());
                    out.push(':');
                    by_tree(value, out);
                }
                out.push('}');
            }
            Value::Array(list) => {
                out.push('[');
                for (n, value) in list.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    by_tree(value, out);
                }
                out.push(']');
            }
            simple => out.push_str(&serde_json::to_string(simple).unwrap()),
        }
    }

    #[derive(Serialize)]
    #[serde(tag = "is")]
    enum Tagged {
        #[serde(rename = "odd/1")]
        Odd { z: Vec<Plain>, a: Option<u8>, map: BTreeMap<String, i64>, empty: BTreeMap<String, u8> },
    }

    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Plain {
        Unit,
        New(String),
        Pair(u8, bool),
        Fields { zeta: char, alpha: () },
    }

    #[test]
    fn every_shape_is_written_as_the_sorted_value_tree_is() {
        let keys = ["b", "a\"", "a", "a!", "值", "\n", "", "a\\"].map(str::to_owned);
        let map = keys.into_iter().zip(-3..).collect();
        let odd = Tagged::Odd {
            z: vec![
                Plain::Unit,
                Plain::New("换\n行\u{1}\"引\"".into()),
                Plain::Pair(7, true),
                Plain::Fields { zeta: '"', alpha: () },
            ],
            a: None,
            map,
            empty: BTreeMap::new(),
        };
        let mut expected = String::new();
        by_tree(&serde_json::to_value(&odd).unwrap(), &mut expected);
        assert_eq!(canonical(&odd), expected);
    }

    #[test]
    fn canonical_text_sorts_keys_and_refuses_fractions() {
        #[derive(Serialize)]
        struct Odd {
            b: u8,
            a: &'static str,
        }
        assert_eq!(canonical(&Odd { b: 1, a: "值\n" }), "{\"a\":\"值\\n\",\"b\":1}");
        assert!(std::panic::catch_unwind(|| canonical(&1.5)).is_err());
    }
}
