//! [`TextPattern`]: texts in which `*` stands for anything, as rules compare hosts, headers and parameters.
//!
//! Paths have a pattern of their own, [`PathPattern`](crate::manifest::PathPattern), in which slashes count.

/// A pattern for a whole text. `*` stands for any characters, also none; nothing else is special.
///
/// It is taken apart once; matching takes time in proportion to the length of the text and never goes back.
///
/// ```
/// use selvedge_model::pattern::TextPattern;
///
/// let pattern = TextPattern::new("en*").expect("a pattern");
/// assert!(pattern.matches("en-GB") && !pattern.matches("de, en"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPattern {
    text: String,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// There is no `*`.
    Exact,
    /// What stands before the first `*`, between two of them, and after the last.
    Open { start: String, inner: Vec<String>, end: String },
}

impl TextPattern {
    /// Checks a pattern and takes it apart.
    ///
    /// # Errors
    ///
    /// What is wrong, as the rest of a sentence that starts with the pattern.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.contains("**") {
            return Err("has a `**`, which only paths know; one `*` stands for anything".to_owned());
        }
        let pieces: Vec<&str> = text.split('*').collect();
        let shape = match pieces.as_slice() {
            [start, inner @ .., end] => Shape::Open {
                start: (*start).to_owned(),
                inner: inner.iter().map(|piece| (*piece).to_owned()).collect(),
                end: (*end).to_owned(),
            },
            _ => Shape::Exact,
        };
        Ok(Self { text: text.to_owned(), shape })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Exact => text == self.text,
            Shape::Open { start, inner, end } => {
                let rest = text.strip_prefix(start.as_str());
                let rest = rest.and_then(|rest| rest.strip_suffix(end.as_str()));
                rest.is_some_and(|rest| contains_in_order(rest, inner))
            }
        }
    }
}

/// Takes the first occurrence of each piece: what comes later only leaves less room for the pieces after it.
fn contains_in_order(text: &str, pieces: &[String]) -> bool {
    let after = |rest: &mut &str, piece: &String| {
        let found = rest.split_once(piece.as_str()).map(|(_, after)| after);
        *rest = found.unwrap_or_default();
        found.is_some()
    };
    let mut rest = text;
    pieces.iter().all(|piece| after(&mut rest, piece))
}

#[cfg(test)]
mod tests;
