//! A line of JSON, looked over: what it is, and what its members are. Values are passed over.

use std::fmt;

use selvedge_model::limits::KV_KEY_MAX;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::Members;

/// A line as it was seen.
pub(super) enum Seen {
    Object(Members),
    Else(Kind),
}

/// What a piece of JSON is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Whole,
    Below,
    Fraction,
    Flag,
    Null,
    List,
    Object,
}

impl Kind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Whole => "a number",
            Self::Below => "a number below zero",
            Self::Fraction => "a number with a fraction",
            Self::Flag => "`true` or `false`",
            Self::Null => "null",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Look { depth: Depth::Line }).map(|it| match (it.kind, it.members) {
            (Kind::Object, Some(members)) => Self::Object(members),
            (kind, _) => Self::Else(kind),
        })
    }
}

/// A member as it was seen.
struct Member(Piece);

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Look { depth: Depth::Member }).map(Self)
    }
}

/// A piece of JSON: what it is, its text where that may be a key, its members where it is the line.
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) text: Option<String>,
    members: Option<Members>,
}

impl From<Kind> for Piece {
    fn from(kind: Kind) -> Self {
        Self { kind, text: None, members: None }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Line,
    Member,
}

struct Look {
    depth: Depth,
}

impl<'de> Visitor<'de> for Look {
    type Value = Piece;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Piece, E> {
        Ok(Kind::Flag.into())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Piece, E> {
        Ok(Kind::Whole.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Piece, E> {
        Ok(if number < 0 { Kind::Below } else { Kind::Whole }.into())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Piece, E> {
        Ok(Kind::Fraction.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Piece, E> {
        let text = (text.len() <= KV_KEY_MAX).then(|| text.to_owned());
        Ok(Piece { text, ..Kind::Text.into() })
    }

    fn visit_unit<E>(self) -> Result<Piece, E> {
        Ok(Kind::Null.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Piece, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Kind::List.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Piece, A::Error> {
        if self.depth == Depth::Member {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Kind::Object.into());
        }
        let mut members = Members::default();
        while let Some((name, Member(piece))) = object.next_entry::<String, Member>()? {
            members.see(&name, piece);
        }
        Ok(Piece { members: Some(members), ..Kind::Object.into() })
    }
}
