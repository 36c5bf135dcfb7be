//! What stands behind a flag, read.

use std::{str::FromStr, time::Duration};

use lexopt::{Parser, ValueExt};
use selvedge_model::number::whole;

use super::text;

/// A text.
pub(super) fn value(parser: &mut Parser) -> Result<String, String> {
    parser.value().map_err(text)?.string().map_err(text)
}

/// What a text is read as.
pub(super) fn parsed<T: FromStr>(parser: &mut Parser, flag: &str) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    let value = value(parser)?;
    value.parse().map_err(|error| format!("`--{flag} {value}`: {error}"))
}

/// A time that is not nothing.
pub(super) fn seconds(parser: &mut Parser, flag: &str) -> Result<Duration, String> {
    let value = value(parser)?;
    match whole::<u32>(&value) {
        None | Some(0) => {
            Err(format!("`--{flag} {value}`: a whole number of seconds is expected, 1 at least"))
        }
        Some(seconds) => Ok(Duration::from_secs(seconds.into())),
    }
}

/// A number of bytes, which may be none.
pub(super) fn bytes(parser: &mut Parser, flag: &str) -> Result<u64, String> {
    let value = value(parser)?;
    whole(&value).ok_or_else(|| format!("`--{flag} {value}`: a whole number of bytes is expected"))
}
