//! Salted blobs: personal data, free text and files live outside the entries and are named by digest.
//!
//! The digest is SHA-256 over salt ‖ bytes, so that equal texts do not look equal and a purge of
//! blob and salt leaves nothing that could be guessed back. The chain stays whole.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// A SHA-256 value, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// SHA-256 of several pieces as if they were one.
    pub fn of_parts(parts: &[&[u8]]) -> Digest {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Digest(hasher.finalize().into())
    }

    /// The first twelve digits, for people: `3f9a12c07b44`.
    pub fn short(&self) -> String {
        self.to_string()[..12].to_owned()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("不是摘要值：应为 64 位十六进制 / not a digest: 64 hexadecimal digits expected")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;
    fn from_str(s: &str) -> Result<Self, NotADigest> {
        let bytes = s.as_bytes();
        if bytes.len() != 64 {
            return Err(NotADigest);
        }
        let nibble = |b: u8| (b as char).to_digit(16).ok_or(NotADigest);
        let mut out = [0u8; 32];
        for (to, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
            *to = (nibble(pair[0])? * 16 + nibble(pair[1])?) as u8;
        }
        Ok(Digest(out))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Something said in free words, held as a salted blob of UTF-8 text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Said(pub Digest);

/// A file given as evidence or issued, held as a salted blob.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct FileRef {
    /// Digest of salt ‖ bytes.
    pub digest: Digest,
    /// File name as given, without any path.
    pub name: String,
    /// Media type, `application/pdf`.
    pub media: String,
    /// Length in bytes, without the salt.
    pub bytes: u64,
}

/// A blob on its way to the store: durable there before the entry that names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blob {
    /// Digest of salt ‖ bytes.
    pub digest: Digest,
    /// 16 bytes made at the edge.
    pub salt: [u8; 16],
    /// The content.
    pub bytes: Vec<u8>,
    /// `true` for text that the Zone holds in memory, `false` for files.
    pub text: bool,
}

impl Blob {
    /// A blob of `bytes` under `salt`.
    pub fn new(salt: [u8; 16], bytes: Vec<u8>, text: bool) -> Blob {
        Blob { digest: Digest::of_parts(&[&salt, &bytes]), salt, bytes, text }
    }

    /// Whether the digest is that of salt and bytes.
    pub fn is_whole(&self) -> bool {
        self.digest == Digest::of_parts(&[&self.salt, &self.bytes])
    }
}

/// Where replay finds the texts that entries name. `None` means the blob is gone (erased or missing).
pub trait Texts {
    /// The text under `digest`.
    fn text(&self, digest: &Digest) -> Option<std::sync::Arc<str>>;
}

impl Texts for std::collections::BTreeMap<Digest, std::sync::Arc<str>> {
    fn text(&self, digest: &Digest) -> Option<std::sync::Arc<str>> {
        self.get(digest).cloned()
    }
}

impl Texts for Vec<Blob> {
    fn text(&self, digest: &Digest) -> Option<std::sync::Arc<str>> {
        let blob = self.iter().find(|b| b.text && b.digest == *digest)?;
        std::str::from_utf8(&blob.bytes).ok().map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_under_other_salts_do_not_look_equal() {
        let one = Blob::new([1; 16], b"same".to_vec(), true);
        let two = Blob::new([2; 16], b"same".to_vec(), true);
        assert_ne!(one.digest, two.digest);
        assert!(one.is_whole() && two.is_whole());
        assert!(!Blob { bytes: b"other".to_vec(), ..one.clone() }.is_whole());
        assert_eq!(one.digest.to_string().parse::<Digest>(), Ok(one.digest));
    }
}
