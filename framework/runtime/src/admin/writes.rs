//! How many writes a node takes in an hour, and the headers that say so (platform.md section 1.3).
//!
//! The count is real. Its limit is far above the platform's 1000, which would only hinder work on one's own node. Purges
//! are not counted, which have a limit of their own on the platform.

use std::sync::{Mutex, PoisonError};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method};

use super::{
    Api,
    wire::{Failed, failed::Kind},
};

const REMAINING: HeaderName = HeaderName::from_static("fastly-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("fastly-ratelimit-reset");

const HOUR_SECONDS: u64 = 3600;

/// The writes of the hour.
#[derive(Debug, Default)]
pub(super) struct Writes(Mutex<Hour>);

#[derive(Clone, Copy, Debug, Default)]
struct Hour {
    /// Counted from the Unix epoch.
    number: u64,
    writes: u64,
}

/// What is left of the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    /// `None` where this write was one too many.
    remaining: Option<u64>,
    /// When the next hour begins, in seconds since the Unix epoch.
    reset: u64,
}

impl Writes {
    fn count(&self, now_ms: u64, most: u64) -> Left {
        let number = now_ms / 1000 / HOUR_SECONDS;
        let mut hour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hour.number != number {
            *hour = Hour { number, writes: 0 };
        }
        let remaining = most.checked_sub(hour.writes + 1);
        if remaining.is_some() {
            hour.writes += 1;
        }
        Left { remaining, reset: (number + 1) * HOUR_SECONDS }
    }
}

/// Counts a call that writes, and says so in its answer.
pub(super) async fn counted(State(api): State<Api>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let most = api.writes_per_hour;
    let left = api.writes.count(api.now_ms(), most);
    let mut response = match left.remaining {
        Some(_) => next.run(request).await,
        None => {
            let detail = format!("at most {most} writes an hour are taken");
            Failed::new(Kind::TooManyRequests, detail).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(REMAINING, HeaderValue::from(left.remaining.unwrap_or_default()));
    headers.insert(RESET, HeaderValue::from(left.reset));
    response
}

#[cfg(test)]
mod tests {
    use super::{Left, Writes};

    #[test]
    fn an_hour_has_so_many_writes_and_the_next_one_as_many_again() {
        let writes = Writes::default();
        let now_ms = 1_700_000_000_000;
        let left = |remaining| Left { remaining, reset: 1_700_002_800 };
        assert_eq!(writes.count(now_ms, 2), left(Some(1)));
        assert_eq!(writes.count(now_ms, 2), left(Some(0)));
        assert_eq!(writes.count(now_ms, 2), left(None));
        assert_eq!(writes.count(1_700_002_799_999, 2), left(None));
        let next = Left { remaining: Some(1), reset: 1_700_006_400 };
        assert_eq!(writes.count(1_700_002_800_000, 2), next);
    }
}
