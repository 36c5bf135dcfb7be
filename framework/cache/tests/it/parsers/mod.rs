//! Every parser of a header that meets the network, with what must hold of it for every input.
//!
//! A check panics where something does not hold. The properties feed it what is made up (`property`), the fuzzer what
//! it makes of real fields (`fuzz`). Where there is a printer, reading what was printed gives the same again.

mod directives;
mod routing;
mod selection;
mod validators;

use http::header::AsHeaderName;
use http::{HeaderMap, HeaderName, HeaderValue};

/// A parser's name, which is also that of its folder of seeds, and its check.
pub(crate) type Parser = (&'static str, fn(&Input));

pub(crate) const PARSERS: [Parser; 23] = [
    ("accept_encoding", selection::accept_encoding),
    ("accept_language", selection::accept_language),
    ("age", validators::age),
    ("cache_control", directives::cache_control),
    ("cache_status", routing::cache_status),
    ("connection", routing::connection),
    ("content_range", validators::content_range),
    ("cookie", selection::cookie),
    ("date", validators::date),
    ("etag", validators::etag),
    ("expires", validators::expires),
    ("if_modified_since", validators::if_modified_since),
    ("if_none_match", validators::if_none_match),
    ("if_range", validators::if_range),
    ("key_header", selection::key_header),
    ("location", routing::location),
    ("pragma", directives::pragma),
    ("range", validators::range),
    ("request_cache_control", directives::request_cache_control),
    ("surrogate_control", directives::surrogate_control),
    ("target", routing::target),
    ("targeted", directives::targeted_field),
    ("vary", selection::vary),
];

/// The lines of one field, as an HTTP library could hand them over.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    lines: Vec<HeaderValue>,
}

impl Input {
    /// Each line of the text is a line of the field. Bytes that no field value can hold become spaces.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let line = |line: &[u8]| {
            let legal: Vec<u8> = line.iter().map(|byte| legal(*byte)).collect();
            HeaderValue::from_bytes(&legal).expect("only legal bytes")
        };
        Self { lines: bytes.split(|byte| *byte == b'\n').map(line).collect() }
    }

    /// A header section with nothing but these lines.
    pub(crate) fn field(&self, name: impl Into<HeaderName>) -> HeaderMap {
        let name = name.into();
        self.lines.iter().map(|line| (name.clone(), line.clone())).collect()
    }

    /// The same with lines such as `ETag: "a"` before them.
    pub(crate) fn beside(&self, others: &[&str], name: impl Into<HeaderName>) -> HeaderMap {
        let mut all = crate::support::headers(others);
        let name = name.into();
        for line in &self.lines {
            all.append(name.clone(), line.clone());
        }
        all
    }

    /// The first line as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(self.lines[0].as_bytes()).into_owned()
    }
}

fn legal(byte: u8) -> u8 {
    match byte {
        b'\t' | b' '..=b'~' | 0x80.. => byte,
        _ => b' ',
    }
}

/// A header section of one line.
pub(crate) fn one(name: HeaderName, value: &[u8]) -> HeaderMap {
    let value = HeaderValue::from_bytes(value).expect("what was printed is a field value");
    HeaderMap::from_iter([(name, value)])
}

/// The lines of a field as one.
pub(crate) fn joined(headers: &HeaderMap, name: impl AsHeaderName) -> Vec<u8> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(|line| line.as_bytes()).collect();
    lines.join(&b", "[..])
}
