//! What is wrong with the shape of a line: which member, and what it should be.
//!
//! Looked at again only when it could not be read; of members nothing is kept but what they are.

use std::fmt;

use selvedge_model::limits::KV_KEY_MAX;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// What is expected of a member.
struct Expected {
    name: &'static str,
    what: &'static str,
    kinds: &'static [Kind],
    must: bool,
}

const MEMBERS: [Expected; 5] = [
    Expected { name: "key", what: "a text", kinds: &[Kind::Text], must: true },
    Expected { name: "value", what: "a text in base64", kinds: &[Kind::Text], must: true },
    Expected {
        name: "time_to_live_sec",
        what: "a whole number of seconds",
        kinds: &[Kind::Whole, Kind::Null],
        must: false,
    },
    Expected { name: "metadata", what: "a text", kinds: &[Kind::Text, Kind::Null], must: false },
    Expected {
        name: "background_fetch",
        what: "`true` or `false`",
        kinds: &[Kind::Flag],
        must: false,
    },
];

/// What a piece of JSON is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Below,
    Fraction,
    Flag,
    Null,
    List,
    Object,
}

/// The key of a line, where it has one, and what is wrong with the line.
pub(super) fn wrong(line: &[u8]) -> (String, String) {
    match serde_json::from_slice::<Seen>(line) {
        Err(error) => {
            let text = error.to_string();
            let why = text.split(" at line ").next().unwrap_or_default();
            (String::new(), format!("the line is not JSON: {why}, at byte {}", error.column()))
        }
        Ok(Seen::Else(kind)) => {
            (String::new(), format!("the line is a JSON object, not {}", kind.words()))
        }
        Ok(Seen::Object(members)) => {
            let why = members.wrong.clone().or_else(|| members.missing());
            (members.key.unwrap_or_default(), why.unwrap_or_else(|| UNCLEAR.to_owned()))
        }
    }
}

/// Never, as long as this page knows what `line` reads.
const UNCLEAR: &str = "the line is not as expected";

impl Kind {
    fn words(self) -> &'static str {
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

/// A line as it was seen.
enum Seen {
    Object(Members),
    Else(Kind),
}

/// The members of a line. However many it has, only these can be kept.
#[derive(Default)]
struct Members {
    key: Option<String>,
    known: Vec<&'static str>,
    /// The first thing that is wrong with one of them.
    wrong: Option<String>,
}

impl Members {
    fn see(&mut self, name: &str, piece: Piece) {
        let kind = piece.kind;
        if name == "key" && self.key.is_none() {
            self.key = piece.text;
        }
        if self.wrong.is_none() {
            self.wrong = self.known(name, kind).err();
        }
    }

    fn known(&mut self, name: &str, kind: Kind) -> Result<(), String> {
        let expected = MEMBERS.iter().find(|it| it.name == name).ok_or_else(|| unknown(name))?;
        if self.known.contains(&expected.name) {
            return Err(format!("`{name}` is there twice"));
        }
        self.known.push(expected.name);
        match expected.kinds.contains(&kind) {
            true => Ok(()),
            false => Err(format!("`{name}` is {}, not {}", expected.what, kind.words())),
        }
    }

    fn missing(&self) -> Option<String> {
        let missing = MEMBERS.iter().find(|it| it.must && !self.known.contains(&it.name));
        missing.map(|it| format!("`{}` is missing", it.name))
    }
}

/// Most of a name that is told.
const NAME: usize = 64;

fn unknown(name: &str) -> String {
    let known = MEMBERS.map(|it| format!("`{}`", it.name)).join(", ");
    let name: String = name.chars().take(NAME).collect();
    format!("there is no member `{name}`; there are {known}")
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
struct Piece {
    kind: Kind,
    text: Option<String>,
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

#[cfg(test)]
mod tests;
