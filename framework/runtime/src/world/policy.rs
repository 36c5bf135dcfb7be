//! What the manifest says of a service's cache, in the cache's own words.

use selvedge_cache::policy::{ErrorStatuses, Policy, SetCookie};
use selvedge_model::manifest::{self, CacheProfile};

/// The profile, with what the service sets by itself.
pub(super) fn of(settings: &manifest::Service) -> Policy {
    let said = &settings.cache_settings;
    let profile = match said.profile {
        CacheProfile::Rfc => Policy::rfc(),
        CacheProfile::Fastly => Policy::fastly(),
    };
    Policy {
        default_ttl: settings.default_ttl.or(profile.default_ttl),
        set_cookie: match said.set_cookie {
            manifest::SetCookie::Store => SetCookie::Store,
            manifest::SetCookie::Pass => SetCookie::Pass,
        },
        request_directives: said.honour_request_directives,
        strict: said.strict_stale,
        stale_if_disconnected: said.stale_if_disconnected.unwrap_or(profile.stale_if_disconnected),
        stale_on: match &said.stale_if_error_on {
            Some(statuses) => ErrorStatuses::of(statuses.iter().copied()),
            None => profile.stale_on,
        },
        ..profile
    }
}
