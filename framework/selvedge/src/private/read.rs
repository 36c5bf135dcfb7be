//! The fields of config and secret bindings, read when the handler runs.

use std::{fmt::Display, str::FromStr};

use crate::{Ctx, Error, Refusal, Result, store::secret::Secret};

/// The type of a field that is read from a config store.
#[diagnostic::on_unimplemented(
    message = "a config item cannot be read as `{Self}`",
    label = "not read from text",
    note = "implement `std::str::FromStr` for it, with an error that is `Display`",
    note = "an item that may be missing is no `Option`: it has a default, `#[config(default = ...)]`"
)]
pub trait ConfigValue: Sized {
    /// Reads the value from an item's text, or says why that cannot be done.
    ///
    /// # Errors
    /// The type's own words.
    fn parse(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr<Err: Display>> ConfigValue for T {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}

/// Reads and parses a config item.
///
/// # Errors
/// [`Refusal::ItemMissing`], [`Refusal::ItemUnparsable`], or what the store answers.
pub fn config_item<T: ConfigValue>(ctx: &Ctx, link: &str, key: &str) -> Result<T> {
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
pub fn config_item_or<T: ConfigValue>(
    ctx: &Ctx,
    link: &str,
    key: &str,
    default: impl FnOnce() -> T,
) -> Result<T> {
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

fn parse<T: ConfigValue>(link: &str, key: &str, text: &str) -> Result<T> {
    T::parse(text).map_err(|cause| {
        let form = std::any::type_name::<T>();
        let detail = format!("`{key}` in config store `{link}` is no `{form}`: {cause}");
        Error::new(Refusal::ItemUnparsable, detail)
    })
}

fn missing(kind: &str, link: &str, key: &str) -> Error {
    Error::new(Refusal::ItemMissing, format!("{kind} `{link}` has no item `{key}`"))
}
