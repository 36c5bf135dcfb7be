//! Which request headers select among the variants of one key, and how they are compared (RFC 9111 section 4.1).
//!
//! Values are compared as bytes after joining lines. Only where they differ, and only for fields whose own definition
//! makes different bytes mean the same ([`normal`](crate::normal)), a second look is taken: `gzip, br` and `br, gzip` are one
//! variant.

use std::cell::OnceCell;
use std::fmt;
use std::hash::Hasher;
use std::sync::Arc;

use http::header::{COOKIE, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::body::ALLOCATION;
use crate::normal::{FIELDS, normal_form};

/// What a small crowd has for each of its variants beside what a key has for its only entry, in bytes.
const IN_A_CROWD: usize = 16;

/// The request headers that a stored response was chosen by, with the values they had.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variant(Option<Arc<Box<[Selector]>>>);

/// One request header.
#[derive(Debug, Clone)]
struct Selector {
    name: HeaderName,
    /// The joined lines; `None` means that the request did not have it.
    value: Option<Box<[u8]>>,
    /// Its normal form, where the field has one and it differs from the value.
    normal: Option<Box<[u8]>>,
}

impl Variant {
    /// The variant that a response with these headers is for the request that it answers.
    ///
    /// # Errors
    ///
    /// [`VaryStar`] when no other request can ever match: a `*` anywhere in any line, or a member that is no field
    /// name, whose meaning nobody can know.
    pub fn of(response_headers: &HeaderMap, request_headers: &HeaderMap) -> Result<Self, VaryStar> {
        Ok(Self::by(field_names(response_headers)?, request_headers))
    }

    /// The variant that is selected by these names, for a request with these headers.
    #[must_use]
    pub fn by(mut names: Vec<HeaderName>, request_headers: &HeaderMap) -> Self {
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        let selectors = names.into_iter().map(|name| Selector::of(name, request_headers));
        let selectors: Box<[Selector]> = selectors.collect();
        Self((!selectors.is_empty()).then(|| Arc::new(selectors)))
    }

    /// Whether a request with these headers would be given this variant. Absent only matches absent.
    #[must_use]
    pub fn matches(&self, request_headers: &HeaderMap) -> bool {
        self.selected_by(&Selecting::of(request_headers))
    }

    /// The same, for a look-up that asks many variants.
    pub(crate) fn selected_by(&self, request: &Selecting<'_>) -> bool {
        self.selectors().iter().all(|selector| selector.matches(request))
    }

    /// Whether the response carried no `Vary` and thus matches every request.
    #[must_use]
    pub fn is_universal(&self) -> bool {
        self.selectors().is_empty()
    }

    /// The request headers that select, each once and in order of name; a revalidation has to carry them.
    pub fn names(&self) -> impl Iterator<Item = &HeaderName> {
        self.selectors().iter().map(|selector| &selector.name)
    }

    /// Tells a hash what it was chosen by: of two with the same names, those that are the same tell the same.
    pub(crate) fn tell(&self, hasher: &mut impl Hasher) {
        self.selectors().iter().for_each(|selector| tell(hasher, selector.compared()));
    }

    /// Bytes that it keeps, for the shelf's accounts.
    pub(crate) fn size(&self) -> usize {
        let shared =
            size_of::<Box<[Selector]>>() + 2 * (size_of::<usize>() + ALLOCATION) + IN_A_CROWD;
        let selectors = self.selectors().iter().map(Selector::size).sum::<usize>();
        if self.is_universal() { 0 } else { shared + selectors }
    }

    fn selectors(&self) -> &[Selector] {
        self.0.as_deref().map(|selectors| &**selectors).unwrap_or_default()
    }
}

/// The headers of a request that is compared with variants: what has a normal form is put into it once at most, however
/// many there are.
pub(crate) struct Selecting<'a> {
    headers: &'a HeaderMap,
    /// In the order of [`FIELDS`].
    normal: [OnceCell<Option<Box<[u8]>>>; 2],
}

impl<'a> Selecting<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        Self { headers, normal: Default::default() }
    }

    /// Whether another request has a field that says the same.
    pub(crate) fn selects_as(&self, other: &Self, name: &HeaderName) -> bool {
        match (joined(self.headers, name), joined(other.headers, name)) {
            (Some(one), Some(two)) if one != two => {
                self.normal(name).is_some_and(|normal| other.normal(name) == Some(normal))
            }
            (one, two) => one.is_some() == two.is_some(),
        }
    }

    /// Tells a hash what the request says of these fields, as a variant tells it that is selected by it.
    pub(crate) fn tell(&self, names: &[HeaderName], hasher: &mut impl Hasher) {
        for name in names {
            match self.normal(name) {
                Some(normal) => tell(hasher, Some(normal)),
                None => tell(hasher, joined(self.headers, name).as_deref()),
            }
        }
    }

    fn normal(&self, name: &HeaderName) -> Option<&[u8]> {
        let place = FIELDS.iter().position(|field| field == name)?;
        let form = || normal_form(name, &joined(self.headers, name)?);
        self.normal.get(place)?.get_or_init(form).as_deref()
    }
}

/// Adds field names to `Vary`, as a rule may ask for: what is stored then has one more selector, and caches behind us
/// learn of it. Names that are there already are not repeated, and nothing can be added to a `*`.
pub fn add_names(response_headers: &mut HeaderMap, names: &[HeaderName]) {
    let Ok(there) = field_names(response_headers) else { return };
    for name in names.iter().filter(|name| !there.contains(name)) {
        response_headers.append(VARY, HeaderValue::from(name.clone()));
    }
}

/// All lines of a request header as one value, each trimmed; `None` where there is none.
pub(crate) fn joined(request_headers: &HeaderMap, name: &HeaderName) -> Option<Box<[u8]>> {
    let lines: Vec<&[u8]> = lines(request_headers, name).collect();
    if lines.is_empty() { None } else { Some(lines.join(separator(name)).into()) }
}

/// A response matches no other request than the one that it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaryStar;

impl fmt::Display for VaryStar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`Vary` allows no reuse of the response")
    }
}

impl std::error::Error for VaryStar {}

impl Selector {
    fn of(name: HeaderName, request_headers: &HeaderMap) -> Self {
        let value = joined(request_headers, &name);
        let normal = value.as_deref().and_then(|value| normal_form(&name, value));
        let normal = normal.filter(|normal| Some(normal) != value.as_ref());
        Self { name, value, normal }
    }

    /// Nothing is allocated where the bytes are equal, nor where the field has no normal form.
    fn matches(&self, request: &Selecting<'_>) -> bool {
        let Some(value) = &self.value else { return !request.headers.contains_key(&self.name) };
        let means_the_same =
            || request.normal(&self.name).is_some_and(|normal| Some(normal) == self.compared());
        is_joined(request.headers, &self.name, value) || means_the_same()
    }

    /// What counts in a comparison. A value without normal form never equals the normal form of another.
    fn compared(&self) -> Option<&[u8]> {
        self.normal.as_deref().or(self.value.as_deref())
    }

    fn size(&self) -> usize {
        let texts = [&self.value, &self.normal].into_iter().flatten();
        let texts: usize = texts.map(|text| text.len() + ALLOCATION).sum();
        size_of::<Self>() + self.name_size() + texts
    }

    /// The names of fields with a normal form are known to everybody. Others may be, too, but do not say so.
    fn name_size(&self) -> usize {
        match FIELDS.contains(&self.name) {
            true => 0,
            false => self.name.as_str().len() + ALLOCATION,
        }
    }
}

/// Selectors that mean the same are the same, so that a refreshed variant takes the place of the old one.
impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.compared() == other.compared()
    }
}

impl Eq for Selector {}

/// The length goes behind the bytes, so that no two rows of values read the same; none is as long as an absent one.
fn tell(hasher: &mut impl Hasher, compared: Option<&[u8]>) {
    hasher.write(compared.unwrap_or_default());
    hasher.write(&compared.map_or(u64::MAX, |value| value.len() as u64).to_le_bytes());
}

fn field_names(response_headers: &HeaderMap) -> Result<Vec<HeaderName>, VaryStar> {
    let lines = response_headers.get_all(VARY).iter().map(|line| line.as_bytes());
    let members = lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    members.filter(|member| !member.is_empty()).map(field_name).collect()
}

/// `*` is allowed in a token, so it has to be looked for by itself.
fn field_name(member: &[u8]) -> Result<HeaderName, VaryStar> {
    if member.contains(&b'*') {
        return Err(VaryStar);
    }
    HeaderName::from_bytes(member).map_err(|_| VaryStar)
}

fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).iter().map(|line| line.as_bytes().trim_ascii())
}

/// HTTP/2 and HTTP/3 may send `Cookie` in crumbs, which are put together so (RFC 9113 section 8.2.3).
fn separator(name: &HeaderName) -> &'static [u8] {
    if *name == COOKIE { b"; " } else { b", " }
}

/// Whether the joined lines of a request header, of which there is at least one, are these bytes; joins nothing.
fn is_joined(headers: &HeaderMap, name: &HeaderName, value: &[u8]) -> bool {
    let mut rest = Some(value);
    let mut between: &[u8] = b"";
    for line in lines(headers, name) {
        rest = rest.and_then(|rest| rest.strip_prefix(between)?.strip_prefix(line));
        between = separator(name);
    }
    headers.contains_key(name) && rest.is_some_and(<[u8]>::is_empty)
}

#[cfg(test)]
mod tests;
