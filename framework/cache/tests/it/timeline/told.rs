//! What is told of an exchange: our member of `Cache-Status`, and the words that scripts know.

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, StatusCode};
use selvedge_cache::answer::{BodyPlan, Piece};
use selvedge_cache::cache_status::{StatusMember, member};
use selvedge_cache::{Entry, NoStore, Verdict};

use super::origin::Reply;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// What is told of one request.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) fwd_status: Option<StatusCode>,
    pub(crate) stored: Option<i64>,
    pub(crate) not_stored: Option<NoStore>,
    /// Stored with a cookie in it, which its service should know.
    pub(crate) cookie: bool,
}

impl Told {
    pub(crate) fn of(verdict: Verdict) -> Self {
        Self { verdict, fwd_status: None, stored: None, not_stored: None, cookie: false }
    }

    fn detail(&self) -> Option<&'static str> {
        match self.verdict {
            Verdict::Pass(_) => {
                self.not_stored.filter(|no| *no != NoStore::PassRequested).map(NoStore::as_str)
            }
            Verdict::Stale(permission) => Some(permission.as_str()),
            _ if self.cookie => Some("set-cookie-stored"),
            _ => self.not_stored.map(NoStore::as_str),
        }
    }
}

/// The member that the cache adds to `Cache-Status`.
pub(crate) fn with_status(mut reply: Reply, told: Told, ttl_ms: Option<i64>) -> Reply {
    let status = StatusMember {
        ttl_ms,
        stored: told.stored.is_some(),
        detail: told.detail(),
        ..StatusMember::of(told.verdict)
    };
    let status = match told.fwd_status {
        Some(theirs) => status.forwarded(theirs, reply.status),
        None => status,
    };
    let value = HeaderValue::from_str(&member(&["edge"], &status)).expect("a member is ASCII");
    reply.headers.append(CACHE_STATUS, value);
    reply
}

pub(crate) fn error(status: StatusCode) -> Reply {
    Reply { status, headers: HeaderMap::new(), body: Bytes::new(), is_broken: false }
}

pub(crate) fn body(entry: &Entry, plan: BodyPlan) -> Bytes {
    let bytes = |piece: Piece| match piece {
        Piece::Text(text) => vec![text],
        Piece::Slice(range) => entry.body().slice(range),
    };
    let chunks: Vec<Bytes> = match plan {
        BodyPlan::Empty => Vec::new(),
        BodyPlan::Whole => entry.body().chunks().to_vec(),
        BodyPlan::Pieces(pieces) => pieces.into_iter().flat_map(bytes).collect(),
    };
    chunks.concat().into()
}

/// `hit`, `stale <permission>` or `miss <reason>`, and how old what answers is.
pub(crate) fn times(verdict: Verdict, entry: &Entry, now_ms: u64) -> Vec<String> {
    let age_ms = entry.head.age_ms(now_ms);
    let mut words = verdict_words(verdict);
    let (ttl, late) =
        (entry.head.freshness().ttl_ms(age_ms), entry.head.freshness().late_ms(age_ms));
    words.push(format!("age={}", seconds(age_ms)));
    words.push(format!("ttl={}", seconds(ttl)));
    words.push(format!("late={}", seconds(late)));
    words
}

pub(crate) fn verdict_words(verdict: Verdict) -> Vec<String> {
    [Some(verdict.as_str()), verdict.reason()].into_iter().flatten().map(str::to_owned).collect()
}

pub(crate) fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
