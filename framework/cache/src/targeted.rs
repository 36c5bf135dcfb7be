//! `Selvedge-CDN-Cache-Control` and `CDN-Cache-Control`: cache control for this cache alone (RFC 9213).
//!
//! They are structured dictionaries (RFC 9651), not lists in `Cache-Control`'s grammar: names are lower case, numbers
//! are integers, and one mistake makes the whole field absent (section 2.1 of RFC 9213). Fields that are not on our
//! list are none of our business.

use http::HeaderMap;
use sfv::{BareItem, Dictionary, ListEntry, Parser};

use crate::control::{CacheControl, Delta};
use crate::directive::field_names;
use crate::when::MAX_SECONDS;

/// The target list: the name of this software first, then the class of all CDNs (RFC 9213 sections 2 and 3.1).
const TARGET_LIST: [&str; 2] = ["selvedge-cdn-cache-control", "cdn-cache-control"];

/// What the first valid and non-empty field of the target list says, even if that is nothing that we know.
#[must_use]
pub fn targeted(headers: &HeaderMap) -> Option<CacheControl> {
    let fields = TARGET_LIST.iter().filter_map(|name| dictionary(headers, name));
    fields.filter(|field| !field.is_empty()).map(|field| directives(&field)).next()
}

fn dictionary(headers: &HeaderMap, name: &str) -> Option<Dictionary> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(|line| line.as_bytes()).collect();
    Parser::new(&lines.join(&b", "[..])).parse().ok()
}

/// Parameters mean nothing here (RFC 9213 section 2.1).
fn directives(field: &Dictionary) -> CacheControl {
    let mut control = CacheControl::default();
    for (name, value) in field {
        if let ListEntry::Item(item) = value {
            take(&mut control, name.as_str(), &item.bare_item);
        }
    }
    control
}

/// A value of another type than the directive's is not consumed; the field stays selected (RFC 9213 section 2.1).
fn take(control: &mut CacheControl, name: &str, value: &BareItem) {
    match name {
        "no-store" => control.no_store = is_set(value),
        "no-cache" => control.no_cache = names_or_set(control, value),
        "private" => control.private = names_or_set(control, value),
        "public" => control.public = is_set(value),
        "must-revalidate" => control.must_revalidate = is_set(value),
        "proxy-revalidate" => control.proxy_revalidate = is_set(value),
        "must-understand" => control.must_understand = is_set(value),
        // RFC 8246 section 2: an argument of whatever type means nothing.
        "immutable" => control.immutable = true,
        "max-age" => control.max_age = delta(value),
        "s-maxage" => control.s_maxage = delta(value),
        "stale-while-revalidate" => control.stale_while_revalidate = delta(value),
        "stale-if-error" => control.stale_if_error = delta(value),
        _ => {}
    }
}

fn is_set(value: &BareItem) -> bool {
    value.as_boolean().unwrap_or_default()
}

/// Whether the directive holds for the whole response. A string or a token names fields, as in `Cache-Control`.
fn names_or_set(control: &mut CacheControl, value: &BareItem) -> bool {
    let text = match value {
        BareItem::String(text) => text.as_str(),
        BareItem::Token(text) => text.as_str(),
        _ => return is_set(value),
    };
    !control.withhold(field_names(text.as_bytes()))
}

/// A negative number is an integer like another, but no number of seconds.
fn delta(value: &BareItem) -> Delta {
    let Some(integer) = value.as_integer().map(i64::from) else { return Delta::Absent };
    u64::try_from(integer)
        .map_or(Delta::Invalid, |seconds| Delta::Seconds(seconds.min(MAX_SECONDS)))
}

#[cfg(test)]
mod tests;
