//! Bodies with named fields: a form or a JSON object, as `Content-Type` says. A field that is not known is refused.

use std::{fmt, marker::PhantomData};

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use http::{HeaderMap, header};
use selvedge::http::BodyExt;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{Failed, failed::Kind};

/// More than any body of fields needs, the values in the longest form that JSON has for them.
const MAX: usize = 1024 * 1024;

/// The fields of a body.
pub(in crate::admin) struct Fields<T>(pub(in crate::admin) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Fields<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let (head, body) = request.into_parts();
        let form = Form::of(&head.headers)?;
        let body = read(body, MAX).await?;
        match form.unwrap_or_else(|| Form::guess(&body)) {
            Form::Json => json(&body).map(Self),
            Form::Urlencoded => {
                check_text(&body, "the form")?;
                serde_urlencoded::from_bytes(&body).map(Self).map_err(not_as_expected)
            }
        }
    }
}

/// How the fields are written.
enum Form {
    Json,
    Urlencoded,
}

impl Form {
    fn of(headers: &HeaderMap) -> Result<Option<Self>, Failed> {
        let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(None) };
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        match text.split(';').next().unwrap_or_default().trim() {
            "application/json" | "application/vnd.api+json" => Ok(Some(Self::Json)),
            "application/x-www-form-urlencoded" => Ok(Some(Self::Urlencoded)),
            other => Err(Failed::bad_request(format!(
                "the body is `application/json` or `application/x-www-form-urlencoded`, not `{other}`"
            ))),
        }
    }

    fn guess(body: &[u8]) -> Self {
        match body.trim_ascii_start().first() {
            Some(b'{') => Self::Json,
            _ => Self::Urlencoded,
        }
    }
}

/// The whole body.
pub(in crate::admin) async fn read(body: Body, max: usize) -> Result<Bytes, Failed> {
    match body.bytes(max).await {
        Ok(body) => Ok(body),
        Err(error) if error.refusal() == selvedge::Refusal::TooLarge => {
            Err(Failed::new(Kind::TooLarge, format!("the body has more than {max} bytes")))
        }
        Err(error) => Err(error.into()),
    }
}

/// That what is escaped is UTF-8 text; bytes that are none would become other ones unseen.
pub(in crate::admin) fn check_text(escaped: &[u8], what: &str) -> Result<(), Failed> {
    match percent_encoding::percent_decode(escaped).decode_utf8() {
        Ok(_) => Ok(()),
        Err(_) => Err(Failed::bad_request(format!("{what} is not UTF-8"))),
    }
}

/// That a text is a JSON object, as far as its first character tells; the rest is for whoever reads it. A list of the
/// values would be read as if it had the fields in their order.
pub(in crate::admin) fn check_object(json: &[u8]) -> Result<(), Failed> {
    match json.trim_ascii_start().first() {
        Some(b'[') => {
            Err(Failed::bad_request("the body is not as expected: it is a JSON object, not a list"))
        }
        _ => Ok(()),
    }
}

/// What stands somewhere inside a body and is an object there, for the same reason.
pub(in crate::admin) struct Object<T>(pub(in crate::admin) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Fieldwise(PhantomData)).map(Self)
    }
}

/// Reads an object field by field.
struct Fieldwise<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fieldwise<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object, not a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

/// A body that is a JSON object and nothing else.
pub(in crate::admin) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failed> {
    check_object(body)?;
    serde_json::from_slice(body).map_err(not_as_expected)
}

fn not_as_expected(error: impl std::fmt::Display) -> Failed {
    Failed::bad_request(format!("the body is not as expected: {error}"))
}
