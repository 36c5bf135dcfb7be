//! How the values of a KV store are written as bytes.

use axum::Json;
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

/// Why a value could not be written or read.
type CodecError = Box<dyn std::error::Error + Send + Sync>;

/// A form of values: `Json<T>`, [`Text`], [`Raw`], or one's own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how values are stored",
    label = "not a codec",
    note = "use `Json<T>`, `Text`, `Raw`, or implement `selvedge::store::kv::Codec`"
)]
pub trait Codec: 'static {
    /// What handlers see.
    type Value;

    /// Writes a value.
    ///
    /// # Errors
    /// Whatever makes the value impossible to write.
    fn encode(value: &Self::Value) -> Result<Bytes, CodecError>;

    /// Reads a value.
    ///
    /// # Errors
    /// Whatever is wrong with the stored bytes.
    fn decode(stored: Bytes) -> Result<Self::Value, CodecError>;
}

/// Values are bytes as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raw;

impl Codec for Raw {
    type Value = Bytes;

    fn encode(value: &Bytes) -> Result<Bytes, CodecError> {
        Ok(value.clone())
    }

    fn decode(stored: Bytes) -> Result<Bytes, CodecError> {
        Ok(stored)
    }
}

/// The same as [`Raw`], named by what handlers see.
impl Codec for Bytes {
    type Value = Self;

    fn encode(value: &Self) -> Result<Self, CodecError> {
        Raw::encode(value)
    }

    fn decode(stored: Self) -> Result<Self, CodecError> {
        Raw::decode(stored)
    }
}

/// Values are UTF-8 text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text;

impl Codec for Text {
    type Value = String;

    fn encode(value: &String) -> Result<Bytes, CodecError> {
        Ok(Bytes::copy_from_slice(value.as_bytes()))
    }

    fn decode(stored: Bytes) -> Result<String, CodecError> {
        Ok(std::str::from_utf8(&stored)?.to_owned())
    }
}

/// Values are JSON.
impl<T: Serialize + DeserializeOwned + 'static> Codec for Json<T> {
    type Value = T;

    fn encode(value: &T) -> Result<Bytes, CodecError> {
        Ok(serde_json::to_vec(value)?.into())
    }

    fn decode(stored: Bytes) -> Result<T, CodecError> {
        Ok(serde_json::from_slice(&stored)?)
    }
}
