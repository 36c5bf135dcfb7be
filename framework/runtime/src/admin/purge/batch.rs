//! Many surrogate keys at once: in the header `Surrogate-Key`, or in a JSON body.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName};
use selvedge_model::{key::SurrogateKey, limits::PURGE_KEYS_MAX};
use serde::{Deserialize, Serialize, Serializer};

use super::Result;
use crate::{
    admin::wire::Failed,
    purge::{Purged, say_counts},
};

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
/// How many keys the reply names.
const COUNT: HeaderName = HeaderName::from_static("fastly-surrogate-key-count");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    surrogate_keys: Vec<String>,
}

/// The keys that a call names, each once, in its order.
pub(super) fn keys(headers: &HeaderMap, body: &[u8]) -> Result<Vec<SurrogateKey>> {
    let named = match (in_header(headers)?, body.is_empty()) {
        (Some(named), true) => named,
        (None, false) => in_body(body)?,
        (Some(_), false) => {
            return Err(Failed::bad_request(
                "name the keys in the `Surrogate-Key` header or in the body, not in both",
            ));
        }
        (None, true) => Vec::new(),
    };
    check_number(named.len())?;
    let mut keys: Vec<SurrogateKey> = Vec::new();
    for text in named {
        let key = SurrogateKey::new(text);
        let key = key.map_err(|error| Failed::bad_request(error.to_string()))?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

fn check_number(number: usize) -> Result<()> {
    match number {
        0 => Err(Failed::bad_request(
            "name the keys in the `Surrogate-Key` header, or as {\"surrogate_keys\": [...]}",
        )),
        1..=PURGE_KEYS_MAX => Ok(()),
        _ => Err(Failed::bad_request(format!(
            "{number} keys are too many; at most {PURGE_KEYS_MAX} are purged at once"
        ))),
    }
}

/// Keys apart by spaces, on any number of lines.
fn in_header(headers: &HeaderMap) -> Result<Option<Vec<String>>> {
    if !headers.contains_key(SURROGATE_KEY) {
        return Ok(None);
    }
    let mut keys = Vec::new();
    for line in headers.get_all(SURROGATE_KEY) {
        let line = line.to_str();
        let line = line.map_err(|_| Failed::bad_request("a surrogate key is visible ASCII"))?;
        keys.extend(line.split_ascii_whitespace().map(str::to_owned));
    }
    Ok(Some(keys))
}

fn in_body(body: &[u8]) -> Result<Vec<String>> {
    crate::admin::wire::body::check_object(body)?;
    let asked: Result<Asked, _> = serde_json::from_slice(body);
    let wrong = |error| Failed::bad_request(format!("the body is not as expected: {error}"));
    asked.map(|asked| asked.surrogate_keys).map_err(wrong)
}

/// Each key with an id of its own: that of the purge, and the key's place.
pub(super) fn done(keys: &[SurrogateKey], purged: &Purged) -> Response {
    let mut response = Json(Ids { keys, id: &purged.id }).into_response();
    let headers = response.headers_mut();
    headers.insert(COUNT, keys.len().into());
    say_counts(headers, purged);
    response
}

/// The keys in the order in which they were named.
struct Ids<'a> {
    keys: &'a [SurrogateKey],
    id: &'a str,
}

impl Serialize for Ids<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let numbered = self.keys.iter().zip(1..);
        let id = |place: usize| format!("{}-{place}", self.id);
        serializer.collect_map(numbered.map(|(key, place)| (key.as_str(), id(place))))
    }
}
