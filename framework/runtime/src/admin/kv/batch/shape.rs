//! What is wrong with the shape of a line: which member, and what it should be.
//!
//! Looked at again only when it could not be read; of members nothing is kept but what they are.

mod seen;

use self::seen::{Kind, Piece, Seen};

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

#[cfg(test)]
mod tests;
