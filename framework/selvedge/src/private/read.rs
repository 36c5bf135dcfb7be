//! The fields of config and secret bindings, read when the handler runs.

use std::{fmt::Display, str::FromStr};

use crate::{Ctx, Error, Refusal, Result, store::secret::Secret};

/// Reads and parses a config item.
///
/// # Errors
/// [`Refusal::ItemMissing`], [`Refusal::ItemUnparsable`], or what the store answers.
pub fn config_item<T>(ctx: &Ctx, link: &str, key: &str) -> Result<T>
where
    T: FromStr<Err: Display>,
{
    match ctx.host().config_get(link, key)? {
        Some(text) => parse(link, key, &text),
        None => Err(missing("config store", link, key)),
    }
}

/// Reads and parses a config item, or takes the default where there is none. An item that is
/// there but does not parse is an error all the same: somebody meant something by it.
///
/// # Errors
/// [`Refusal::ItemUnparsable`], or what the store answers.
pub fn config_item_or<T>(
    ctx: &Ctx,
    link: &str,
    key: &str,
    default: impl FnOnce() -> T,
) -> Result<T>
where
    T: FromStr<Err: Display>,
{
    match ctx.host().config_get(link, key)? {
        Some(text) => parse(link, key, &text),
        None => Ok(default()),
    }
}

/// Reads a secret.
///
/// # Errors
/// [`Refusal::ItemMissing`], or what the store answers.
pub fn secret_item(ctx: &Ctx, link: &str, key: &str) -> Result<Secret> {
    ctx.host().secret_get(link, key)?.ok_or_else(|| missing("secret store", link, key))
}

fn parse<T: FromStr<Err: Display>>(link: &str, key: &str, text: &str) -> Result<T> {
    text.parse().map_err(|cause| {
        let form = std::any::type_name::<T>();
        let detail = format!("`{key}` in config store `{link}` is no `{form}`: {cause}");
        Error::new(Refusal::ItemUnparsable, detail)
    })
}

fn missing(kind: &str, link: &str, key: &str) -> Error {
    Error::new(Refusal::ItemMissing, format!("{kind} `{link}` has no item `{key}`"))
}
