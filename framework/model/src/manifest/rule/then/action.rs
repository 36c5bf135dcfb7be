//! What a rule does beside the cache: rewrites, header changes, and answers of its own.

/// Another path for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathRewrite {
    /// This one.
    To(String),
    /// Its own, with another beginning.
    Prefix {
        /// What its beginning is; whole segments, empty for none.
        strip: String,
        /// What stands there instead.
        add: String,
    },
}

impl PathRewrite {
    /// The path that a request for `path` gets; `None` where it stays as it is.
    ///
    /// A path that has the beginning in its normal form only, is rewritten in that form: otherwise a rule that sends one
    /// part of a site elsewhere could be walked around by another spelling.
    #[must_use]
    pub fn apply(&self, path: &str, normalised: &str) -> Option<String> {
        match self {
            Self::To(to) => Some(to.clone()),
            Self::Prefix { strip, add } => {
                let rest = after(path, strip).or_else(|| after(normalised, strip))?;
                Some(join(add, rest))
            }
        }
    }
}

/// What follows a beginning of whole segments.
fn after<'p>(path: &'p str, strip: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(strip.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// A path begins with one slash: two would make its first segment a host to whoever reads it as a reference.
fn join(add: &str, rest: &str) -> String {
    let path = format!("{}{rest}", add.trim_end_matches('/'));
    format!("/{}", path.trim_start_matches('/'))
}

/// Changes of a header section: first what goes, then what is set, then what is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderChanges {
    /// Lower-case names of fields that are removed.
    pub remove: Vec<String>,
    /// Fields that get this one line, in the place of all that were there.
    pub set: Vec<(String, String)>,
    /// Lines that are added.
    pub append: Vec<(String, String)>,
}

impl HeaderChanges {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.set.is_empty() && self.append.is_empty()
    }
}

/// What a rule answers in place of anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A refusal.
    Deny {
        /// Its status, 400 to 599.
        status: u16,
    },
    /// Somewhere else.
    Redirect(Redirect),
    /// An answer of the rule's own.
    Synthetic(Synthetic),
}

/// Where a client is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// A URL with `http` or `https`, or a path.
    pub to: String,
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Whether the request's path and query are added to it.
    pub append_path: bool,
}

/// An answer of a rule's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synthetic {
    /// Its status, 200 to 599.
    pub status: u16,
    /// Its `Content-Type`.
    pub content_type: String,
    /// Its body.
    pub body: String,
}
