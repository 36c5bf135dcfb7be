//! Changes of a header section: what goes, then what is set, then what is added.

use http::{HeaderMap, HeaderName, HeaderValue};
use selvedge_model::manifest::HeaderChanges;

/// The changes of one rule, as names and values.
#[derive(Debug, Default)]
pub(super) struct Changes {
    remove: Vec<HeaderName>,
    set: Vec<Line>,
    append: Vec<Line>,
}

type Line = (HeaderName, HeaderValue);

impl Changes {
    /// The manifest has checked the names and values, so that none of them is lost here.
    pub(super) fn of(said: &HeaderChanges) -> Self {
        let name = |name: &String| HeaderName::from_bytes(name.as_bytes()).ok();
        let line =
            |(key, value): &(String, String)| name(key).zip(HeaderValue::from_str(value).ok());
        Self {
            remove: said.remove.iter().filter_map(name).collect(),
            set: said.set.iter().filter_map(line).collect(),
            append: said.append.iter().filter_map(line).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.set.is_empty() && self.append.is_empty()
    }

    /// The names of all fields that it changes.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let lines = self.set.iter().chain(&self.append).map(|(name, _)| name);
        self.remove.iter().chain(lines).map(HeaderName::as_str)
    }

    pub(super) fn make(&self, headers: &mut HeaderMap) {
        self.make_where(headers, |_| true);
    }

    /// The same in a header section that renews a stored one, in which each field takes the place of all lines of its
    /// name: nothing is added to what is not there.
    pub(super) fn make_in_renewal(&self, headers: &mut HeaderMap) {
        let there: Vec<HeaderName> = headers.keys().cloned().collect();
        self.make_where(headers, |name| there.contains(name));
    }

    fn make_where(&self, headers: &mut HeaderMap, may_append: impl Fn(&HeaderName) -> bool) {
        for name in &self.remove {
            headers.remove(name);
        }
        for (name, value) in &self.set {
            headers.insert(name, value.clone());
        }
        for (name, value) in self.append.iter().filter(|(name, _)| may_append(name)) {
            headers.append(name, value.clone());
        }
    }
}
