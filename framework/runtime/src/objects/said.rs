//! What a handler says of an object, in the cache's words.

use std::time::Duration;

use selvedge::host::ObjectOptions;
use selvedge_cache::object::Said;

/// `known_length` is the body's, and `sensitive` is for those who have disks.
pub(super) fn said(options: ObjectOptions) -> Said {
    Said {
        max_age_ms: millis(options.max_age),
        initial_age_ms: millis(options.initial_age),
        stale_while_revalidate_ms: millis(options.stale_while_revalidate),
        vary_by: options.vary_by,
        surrogate_keys: options.surrogate_keys,
        user_metadata: options.user_metadata,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
