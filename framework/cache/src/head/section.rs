//! What a stored head says in its header section, line by line; the map of it is for answers and for rules that compare
//! two sections.

use http::header::ETAG;
use http::{HeaderMap, HeaderName};
use selvedge_model::key::SurrogateKey;

use super::StoredHead;
use super::lines::{self, Line, Lines};
use crate::etag::EntityTag;
use crate::surrogate::{SURROGATE_KEY, keys_in};
use crate::when::{DateField, date_in};

impl StoredHead {
    /// Its headers as a map, which is made anew and has room for those of an answer.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        self.section().map()
    }

    /// Its lines, in the order of that map.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.section().iter()
    }

    fn section(&self) -> Lines<'_> {
        Lines(self.block().lines())
    }

    /// The first line of a field.
    #[must_use]
    pub fn get(&self, name: &HeaderName) -> Option<&[u8]> {
        self.values(name).next()
    }

    /// The lines of a field, in their order.
    pub fn values(&self, name: &HeaderName) -> impl Iterator<Item = &[u8]> {
        self.section().values(name)
    }

    /// Its tag. Two lines of it contradict each other and count as none.
    #[must_use]
    pub fn etag(&self) -> Option<EntityTag<'_>> {
        EntityTag::of_lines(self.values(&ETAG))
    }

    /// One of its dates, as it was to be read when it arrived.
    #[must_use]
    pub fn date(&self, name: &HeaderName) -> DateField {
        date_in(self.values(name), self.received_at_ms)
    }

    /// All its surrogate keys: those of its lines, then those given. One may be there twice.
    pub fn surrogate_keys(&self) -> impl Iterator<Item = &str> {
        static FIELD: HeaderName = SURROGATE_KEY;
        let given = self.further_keys().iter().map(SurrogateKey::as_str);
        keys_in(self.values(&FIELD)).chain(given)
    }

    /// The same head without these fields.
    pub(crate) fn without(&self, names: &[HeaderName]) -> Self {
        let mut headers = self.headers();
        names.iter().for_each(|name| drop(headers.remove(name)));
        Self::of(self.facts().copy(), self.further().cloned(), &lines::text(&headers))
    }
}
