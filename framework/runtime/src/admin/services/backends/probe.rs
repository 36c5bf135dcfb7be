//! How a backend is probed, as calls say it and as it is shown: `healthcheck` of a backend.
//!
//! The platform has objects of their own for it, which a backend names. Here it belongs to the one backend, as in the
//! manifest, so the field is the object itself, with the platform's names of the fields; a form has it as JSON text.

use selvedge_model::limits::{
    HEALTHCHECK_INITIAL, HEALTHCHECK_INTERVAL_MS, HEALTHCHECK_THRESHOLD, HEALTHCHECK_TIMEOUT_MS,
    HEALTHCHECK_WINDOW,
};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Value, json};
use toml::Table;

/// Where it stands in a backend's table.
pub(super) const KEY: &str = "healthcheck";

/// Each field: its name here, its name in the manifest, and what it is unless it is said.
const NUMBERS: &[(&str, &str, u64)] = &[
    ("expected_response", "expected_status", 200),
    ("check_interval", "interval_ms", HEALTHCHECK_INTERVAL_MS),
    ("timeout", "timeout_ms", HEALTHCHECK_TIMEOUT_MS),
    ("window", "window", HEALTHCHECK_WINDOW as u64),
    ("threshold", "threshold", HEALTHCHECK_THRESHOLD as u64),
    ("initial", "initial", HEALTHCHECK_INITIAL as u64),
];
const TEXTS: &[(&str, Option<&str>)] =
    &[("method", Some("GET")), ("host", None), ("path", Some("/"))];

/// What a call says of it.
#[derive(Default)]
pub(super) enum Said {
    /// Nothing: it stays as it is.
    #[default]
    Nothing,
    /// That there is none from now on: an empty text.
    None,
    /// This one, whatever there was.
    Probe(Table),
}

/// Reads an object, or the text of one.
pub(super) fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Said, D::Error> {
    let object = match Value::deserialize(from)? {
        Value::Null => return Ok(Said::Nothing),
        Value::String(text) if text.is_empty() => return Ok(Said::None),
        Value::String(text) => serde_json::from_str(&text).map_err(D::Error::custom)?,
        object => object,
    };
    let Value::Object(fields) = object else {
        return Err(D::Error::custom("`healthcheck` is a JSON object, or empty for none"));
    };
    let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
    let table = fields.map(|(name, value)| field(&name, value).map_err(D::Error::custom));
    table.collect::<Result<Table, _>>().map(Said::Probe)
}

/// A field as the manifest has it; its range is checked where the version is.
fn field(name: &str, value: Value) -> Result<(String, toml::Value), String> {
    if let Some((_, key, _)) = NUMBERS.iter().find(|(known, ..)| *known == name) {
        let number = value.as_i64().map(toml::Value::Integer);
        let number = number.ok_or_else(|| format!("`healthcheck.{name}` is a whole number"))?;
        return Ok(((*key).to_owned(), number));
    }
    match (TEXTS.iter().any(|(known, _)| *known == name), value) {
        (true, Value::String(text)) => Ok((name.to_owned(), toml::Value::String(text))),
        (true, _) => Err(format!("`healthcheck.{name}` is a text")),
        (false, _) => Err(format!("`healthcheck` has no field `{name}`")),
    }
}

/// It with all that goes without saying, or nothing.
pub(super) fn shown(backend: &Table) -> Value {
    let Some(table) = backend.get(KEY).and_then(toml::Value::as_table) else { return Value::Null };
    let text = |(name, otherwise): &(&str, Option<&str>)| {
        let said = table.get(*name).and_then(toml::Value::as_str).or(*otherwise);
        ((*name).to_owned(), json!(said))
    };
    // More than the window holds can neither be asked for nor be assumed.
    let window = table.get("window").and_then(toml::Value::as_integer);
    let most = window.and_then(|window| u64::try_from(window).ok()).unwrap_or(u64::MAX);
    let number = |(name, key, otherwise): &(&str, &str, u64)| {
        let otherwise = match *key {
            "threshold" | "initial" => (*otherwise).min(most),
            _ => *otherwise,
        };
        let said = table.get(*key).and_then(toml::Value::as_integer);
        ((*name).to_owned(), said.map_or_else(|| json!(otherwise), |said| json!(said)))
    };
    Value::Object(TEXTS.iter().map(text).chain(NUMBERS.iter().map(number)).collect())
}
