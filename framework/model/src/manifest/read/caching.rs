//! The keys of a service that say how its cache reads the RFCs.

use super::sink::Sink;
use super::table::Table;
use crate::manifest::{CacheProfile, CacheSettings, SetCookie};

/// What a service says about its cache; the profile decides what it leaves out.
pub(super) fn read(table: &Table<'_>, sink: &mut Sink<'_>) -> CacheSettings {
    let profile = profile(table, sink).unwrap_or_default();
    CacheSettings {
        profile,
        set_cookie: set_cookie(table, sink).unwrap_or(profile.set_cookie()),
        honour_request_directives: flag(table, "honour_request_directives", sink),
        strict_stale: flag(table, "strict_stale", sink),
        stale_if_disconnected: table
            .get("stale_if_disconnected")
            .and_then(|value| value.duration(sink)),
        stale_if_error_on: error_statuses(table, sink),
    }
}

/// Statuses that mean that the backend failed. An empty list is an answer: none of them does.
fn error_statuses(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<Vec<u16>> {
    let items = table.get("stale_if_error_on")?.array(sink)?;
    let statuses = items.iter().filter_map(|value| value.number(500, 599, sink));
    Some(statuses.filter_map(|status| u16::try_from(status).ok()).collect())
}

fn profile(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<CacheProfile> {
    let words =
        [CacheProfile::Rfc, CacheProfile::Fastly].map(|profile| (profile.as_str(), profile));
    table.get("cache_profile")?.word(&words, &[], sink)
}

fn set_cookie(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<SetCookie> {
    let words = [("store", SetCookie::Store), ("pass", SetCookie::Pass)];
    table.get("set_cookie")?.word(&words, &[], sink)
}

fn flag(table: &Table<'_>, key: &str, sink: &mut Sink<'_>) -> bool {
    table.get(key).and_then(|value| value.boolean(sink)).unwrap_or(false)
}
