//! One line: `{"key", "value", "time_to_live_sec"?, "metadata"?, "background_fetch"?}`, the value in base64.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use selvedge::store::kv::{KvValue, KvWrite, Meanwhile};
use selvedge_model::{key::KvKey, limits::KV_VALUE_MAX};
use serde::Deserialize;

use super::shape;
use crate::admin::{
    kv::put::{check_metadata, lifetime},
    wire::{Failed, failed::Kind},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'a> {
    key: String,
    /// Millions of bytes, which are looked at where they lie.
    #[serde(borrow)]
    value: Cow<'a, str>,
    time_to_live_sec: Option<u64>,
    metadata: Option<String>,
    #[serde(default)]
    background_fetch: bool,
}

/// The item that a line writes, or its key, as far as that is known, and what is wrong.
pub(super) fn read(line: &[u8]) -> Result<(KvKey, KvWrite), (String, Failed)> {
    let line = line.trim_ascii();
    // A list of the values would be read as if it had the names of the members, in their order.
    let raw: Option<Raw<'_>> =
        if line.starts_with(b"{") { serde_json::from_slice(line).ok() } else { None };
    let raw = raw.ok_or_else(|| {
        let (key, why) = shape::wrong(line);
        (key, Failed::bad_request(why))
    })?;
    let name = raw.key.clone();
    raw.checked().map_err(|failed| (name, failed))
}

impl Raw<'_> {
    fn checked(self) -> Result<(KvKey, KvWrite), Failed> {
        let key = super::super::key(self.key)?;
        check_metadata(self.metadata.as_deref().unwrap_or_default())?;
        let write = KvWrite {
            value: value(&self.value)?,
            metadata: self.metadata,
            ttl: self.time_to_live_sec.map(lifetime).transpose()?,
            meanwhile: match self.background_fetch {
                true => Meanwhile::ServePrevious,
                false => Meanwhile::Wait,
            },
            ..KvWrite::default()
        };
        Ok((key, write))
    }
}

fn value(text: &str) -> Result<KvValue, Failed> {
    let value = STANDARD.decode(text);
    let value = value.map_err(|_| Failed::bad_request("the value is not base64"))?;
    match value.len() {
        ..=KV_VALUE_MAX => Ok(value.into()),
        length => {
            let detail = format!("the value has at most {KV_VALUE_MAX} bytes, not {length}");
            Err(Failed::new(Kind::TooLarge, detail))
        }
    }
}
