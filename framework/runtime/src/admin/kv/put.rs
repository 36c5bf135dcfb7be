//! An item written: its value is the body, conditions and lifetime are in the query and in headers.

use std::time::Duration;

use axum::{body::Body, extract::State, response::IntoResponse};
use http::{HeaderMap, HeaderName, StatusCode};
use selvedge::store::kv::{InsertMode, KvValue, KvWrite, Meanwhile};
use selvedge_model::{
    limits::{KV_METADATA_MAX, KV_VALUE_MAX},
    number::whole,
};

use super::item::METADATA;
use crate::admin::{
    Api,
    wire::{At, Failed, Query, Reply},
};

const IF_GENERATION: HeaderName = HeaderName::from_static("if-generation-match");
const LIFETIME: HeaderName = HeaderName::from_static("time_to_live_sec");

/// The value is kept in the parts in which it comes in, and nothing is written unless all of it came.
pub(super) async fn put(
    State(api): State<Api>,
    At((store, key)): At<(String, String)>,
    query: Query,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let (id, key) = (super::store(&api, &store)?, super::key(key)?);
    let write = said(query, &headers)?;
    let room = api.room(&body, KV_VALUE_MAX).await?;
    let value = KvValue::read(body, KV_VALUE_MAX).await?;
    api.kv().put(&id, &key, KvWrite { value, room, ..write }, api.now_ms()).await?;
    Ok(StatusCode::OK.into_response())
}

/// All of a write but its value.
fn said(query: Query, headers: &HeaderMap) -> Result<KvWrite, Failed> {
    let (mode, meanwhile) = modes(query)?;
    Ok(KvWrite {
        mode,
        meanwhile,
        if_generation: if_generation(headers)?,
        metadata: metadata(headers)?,
        ttl: number(headers, &LIFETIME)?.map(lifetime).transpose()?,
        ..KvWrite::default()
    })
}

fn modes(mut query: Query) -> Result<(InsertMode, Meanwhile), Failed> {
    let asked = [
        (InsertMode::Add, query.flag("add")?),
        (InsertMode::Append, query.flag("append")?),
        (InsertMode::Prepend, query.flag("prepend")?),
    ];
    let meanwhile = match query.flag("background_fetch")? {
        true => Meanwhile::ServePrevious,
        false => Meanwhile::Wait,
    };
    query.end()?;
    let mut asked = asked.into_iter().filter(|(_, is_asked)| *is_asked);
    match (asked.next(), asked.next()) {
        (_, Some(_)) => {
            Err(Failed::bad_request("a write has one of `add`, `append` and `prepend`"))
        }
        (Some((mode, _)), None) => Ok((mode, meanwhile)),
        (None, None) => Ok((InsertMode::Overwrite, meanwhile)),
    }
}

/// The generation that a write or a deletion asks for.
pub(super) fn if_generation(headers: &HeaderMap) -> Result<Option<u64>, Failed> {
    number(headers, &IF_GENERATION)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Failed> {
    let number = |text: String| whole(&text).ok_or_else(|| no_number(name, &text));
    text(headers, name)?.map(number).transpose()
}

fn no_number(name: &HeaderName, text: &str) -> Failed {
    let most = u64::MAX;
    Failed::bad_request(format!(
        "`{name}` is a whole number from 0 to {most} without sign or leading zeros, not `{text}`"
    ))
}

/// A header's text, which is there once.
fn text(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, Failed> {
    let mut lines = headers.get_all(name).iter();
    let (first, second) = (lines.next(), lines.next());
    if second.is_some() {
        return Err(Failed::bad_request(format!("the header `{name}` is there twice")));
    }
    let text = first.map(|value| String::from_utf8(value.as_bytes().to_vec()));
    text.transpose().map_err(|_| Failed::bad_request(format!("the header `{name}` is not UTF-8")))
}

fn metadata(headers: &HeaderMap) -> Result<Option<String>, Failed> {
    let metadata = text(headers, &METADATA)?;
    check_metadata(metadata.as_deref().unwrap_or_default())?;
    Ok(metadata)
}

/// That text beside a value is short enough.
pub(super) fn check_metadata(metadata: &str) -> Result<(), Failed> {
    match metadata.len() {
        ..=KV_METADATA_MAX => Ok(()),
        length => Err(Failed::bad_request(format!(
            "the metadata has at most {KV_METADATA_MAX} bytes, not {length}"
        ))),
    }
}

/// A time to live in seconds.
pub(super) fn lifetime(seconds: u64) -> Result<Duration, Failed> {
    match seconds {
        0 => Err(Failed::bad_request("a time to live is at least 1 second")),
        _ => Ok(Duration::from_secs(seconds)),
    }
}
