//! [`PathPattern`]: `*` stays within a segment, `**` crosses segments.

use super::normal::{canonical_escapes, resolve};

/// A pattern for paths in their [normal form](super::normalise_path).
///
/// `*` stands for any characters of one segment, also none. `**` is a segment of its own and stands
/// for any number of segments, also none: `/account/**` matches `/account`, `/account/` and
/// everything below. The time to match is at most the product of both lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of segments.
    Any,
    /// One segment, with `*` for any characters.
    One(String),
}

impl PathPattern {
    /// Checks a pattern. Escapes in it are compared as the same escapes of a path are.
    ///
    /// # Errors
    ///
    /// What is wrong, as the rest of a sentence that starts with the pattern.
    pub fn new(text: &str) -> Result<Self, String> {
        let Some(inner) = text.strip_prefix('/') else {
            return Err("does not start with `/`".to_owned());
        };
        if text.contains(['?', '#']) {
            return Err("has a `?` or `#`, which a path cannot have".to_owned());
        }
        let escaped = canonical_escapes(inner);
        let normal = resolve(&escaped);
        if normal.strip_prefix('/') != Some(escaped.as_str()) {
            return Err(format!("never matches, because paths are compared as `{normal}`"));
        }
        let segments = escaped.split('/').map(segment).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), segments })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a path in its normal form matches.
    pub fn matches(&self, normalised_path: &str) -> bool {
        let inner = normalised_path.strip_prefix('/').unwrap_or(normalised_path);
        let path: Vec<&str> = inner.split('/').collect();
        let is_any = |segment: &Segment| *segment == Segment::Any;
        wild(&self.segments, &path, is_any, |segment, text| segment.matches(text))
    }
}

impl Segment {
    fn matches(&self, text: &str) -> bool {
        match self {
            Segment::Any => true,
            Segment::One(pattern) => {
                wild(pattern.as_bytes(), text.as_bytes(), |b| *b == b'*', |p, b| p == b)
            }
        }
    }
}

fn segment(text: &str) -> Result<Segment, String> {
    match text {
        "**" => Ok(Segment::Any),
        _ if text.contains("**") => Err("has a `**` that is not a segment of its own".to_owned()),
        _ => Ok(Segment::One(text.to_owned())),
    }
}

/// Matches a row of items against a pattern in which some elements stand for any number of items.
///
/// Only the last such element is ever extended: what an earlier one took is as good as any other
/// choice, since the later one can take what is left over. That keeps the time quadratic at most.
fn wild<P, T>(
    pattern: &[P],
    items: &[T],
    is_any: impl Fn(&P) -> bool,
    same: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut i) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while let Some(item) = items.get(i) {
        match pattern.get(p) {
            Some(part) if is_any(part) => {
                resume = Some((p + 1, i));
                p += 1;
            }
            Some(part) if same(part, item) => {
                p += 1;
                i += 1;
            }
            _ => {
                let Some((after, taken)) = resume else { return false };
                resume = Some((after, taken + 1));
                (p, i) = (after, taken + 1);
            }
        }
    }
    pattern.iter().skip(p).all(is_any)
}
