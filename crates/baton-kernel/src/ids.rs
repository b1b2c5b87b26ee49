//! Opaque identities: 128 bits made at the edge (never counters), written as 32 hex digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Why a text is not an identity: it is not exactly 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("不是标识：应为 32 位十六进制 / not an identity: 32 hexadecimal digits expected")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u128);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:032x})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(s: &str) -> Result<Self, NotAnId> {
                if s.len() != 32 || !s.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(NotAnId);
                }
                u128::from_str_radix(s, 16).map(Self).map_err(|_| NotAnId)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A unit of the organisation tree.
    UnitId
    /// A post: duties belong to it, people hold it.
    PostId
    /// A person.
    PersonId
    /// A grant of a role over a scope.
    GrantId
    /// An item followed.
    ItemId
    /// A problem raised on an item.
    ProblemId
    /// A round (调度期).
    RoundId
    /// One act of reporting.
    SubmissionId
    /// A commitment followed until closed.
    TaskId
    /// A meeting.
    MeetingId
    /// A venue of a meeting.
    VenueId
    /// An outcome recorded at a meeting.
    OutcomeId
    /// A speech recorded for a meeting.
    SpeechId
    /// An issued paper.
    PaperId
    /// A text from which tasks are drafted.
    TextId
    /// A leader's instruction (批示).
    InstructionId
    /// Leave given to another to enter what a leader says.
    DelegationId
}

/// What a figure is about: an item or a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// An item.
    Item(ItemId),
    /// A unit.
    Unit(UnitId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Item(id) => write!(f, "i{id}"),
            Subject::Unit(id) => write!(f, "u{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = NotAnId;
    fn from_str(s: &str) -> Result<Self, NotAnId> {
        match s.split_at_checked(1) {
            Some(("i", rest)) => rest.parse().map(Subject::Item),
            Some(("u", rest)) => rest.parse().map(Subject::Unit),
            _ => Err(NotAnId),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_reads_back_as_written_and_nothing_else_is_one() {
        let id = ItemId(0x0123_4567_89ab_cdef_0011_2233_4455_6677);
        assert_eq!(id.to_string().parse::<ItemId>(), Ok(id));
        for bad in ["", "0123", "0123456789abcdef001122334455667z", "+123456789abcdef0011223344556677"] {
            assert_eq!(bad.parse::<ItemId>(), Err(NotAnId), "{bad}");
        }
        let subject = Subject::Item(id);
        assert_eq!(subject.to_string().parse::<Subject>(), Ok(subject));
    }
}
