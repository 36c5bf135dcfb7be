//! A file of cases, read and compared.

use std::collections::BTreeMap;

use super::Reply;

/// Texts that earlier answers had, by name.
pub(super) type Known = BTreeMap<String, String>;

/// One call and what is expected of it.
pub(super) struct Case {
    pub(super) title: String,
    pub(super) ask: Ask,
}

/// What a case does.
pub(super) enum Ask {
    /// Time goes by.
    Wait(u64),
    /// A call.
    Call { line: String, headers: Vec<(String, String)>, body: String, wanted: Wanted },
}

/// What is expected of an answer.
pub(super) struct Wanted {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// The cases of a file.
pub(super) fn cases(text: &str) -> Vec<Case> {
    text.split("\n=== ").skip(1).map(case).collect()
}

#[expect(clippy::panic, reason = "a test whose file cannot be read has failed")]
fn case(text: &str) -> Case {
    let (title, rest) = text.split_once('\n').unwrap();
    let title = title.to_owned();
    if let Some(seconds) = rest.strip_prefix("WAIT ") {
        return Case { title, ask: Ask::Wait(seconds.trim().parse().unwrap()) };
    }
    let (call, wanted) =
        rest.split_once("\n---\n").unwrap_or_else(|| panic!("`{title}` has no ---"));
    let (line, headers, body) = message(call);
    let (status, wanted_headers, wanted_body) = message(wanted);
    let status = status.parse().unwrap_or_else(|_| panic!("`{title}`: `{status}` is no status"));
    let wanted = Wanted { status, headers: wanted_headers, body: wanted_body };
    Case { title, ask: Ask::Call { line, headers, body, wanted } }
}

/// The first line, the headers, and what comes after an empty line.
fn message(text: &str) -> (String, Vec<(String, String)>, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let mut lines = head.lines();
    let first = lines.next().unwrap().to_owned();
    let headers = lines.map(|line| line.split_once(':').unwrap());
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    (first, headers.collect(), body.trim_end().to_owned())
}

/// A text with its `<name>` and `<x*9>` filled in; a name that is not known stays.
pub(super) fn fill(text: &str, known: &Known) -> String {
    let mut parts = text.split('<');
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        match part.split_once('>') {
            Some((name, rest)) => {
                filled.push_str(&value(name, known).unwrap_or_else(|| format!("<{name}>")));
                filled.push_str(rest);
            }
            None => filled.push_str(&format!("<{part}")),
        }
    }
    filled
}

fn value(name: &str, known: &Known) -> Option<String> {
    match name.split_once('*').map(|(text, times)| (text, times.parse())) {
        Some((text, Ok(times))) => Some(text.repeat(times)),
        _ => known.get(name).cloned(),
    }
}

impl Wanted {
    /// What is wrong with an answer; names that were not known are learnt from it.
    pub(super) fn check(&self, reply: &Reply, known: &mut Known) -> Result<(), String> {
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        if reply.status != self.status {
            return Err(format!("{} instead of {}: {text}", reply.status, self.status));
        }
        for (name, wanted) in &self.headers {
            let found = reply.header(name).unwrap_or("(none)");
            learn(&fill(wanted, known), found, known).map_err(|why| format!("{name}: {why}"))?;
        }
        learn(&fill(&self.body, known), &text, known)
    }
}

/// Compares piece by piece; an unknown name stands for what is there up to the next known letter.
fn learn(wanted: &str, found: &str, known: &mut Known) -> Result<(), String> {
    let differ = || format!("expected\n  {wanted}\nfound\n  {found}");
    let mut pieces = wanted.split('<').peekable();
    let first = pieces.next().unwrap_or_default();
    let mut rest = found.strip_prefix(first).ok_or_else(differ)?;
    while let Some(piece) = pieces.next() {
        let (name, literal) = piece.split_once('>').ok_or_else(differ)?;
        let end = match pieces.peek() {
            Some(_) => rest.find(literal),
            None => rest.strip_suffix(literal).map(str::len),
        };
        let end = end.ok_or_else(differ)?;
        let value = &rest[..end];
        let fits = match name.split_once('-').map_or("", |(kind, _)| kind) {
            "id" => value.len() == 22 && value.bytes().all(|b| b.is_ascii_alphanumeric()),
            "kv" => {
                let is_lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
                value.len() == 22 && value.bytes().all(is_lower)
            }
            _ => true,
        };
        if !fits {
            return Err(format!("`{value}` is no {name}"));
        }
        // The same name twice in one text is the same value.
        match known.get(name) {
            Some(before) if before != value => return Err(differ()),
            _ if name == "any" => {}
            _ => drop(known.insert(name.to_owned(), value.to_owned())),
        }
        rest = &rest[end + literal.len()..];
    }
    match rest.is_empty() {
        true => Ok(()),
        false => Err(differ()),
    }
}
