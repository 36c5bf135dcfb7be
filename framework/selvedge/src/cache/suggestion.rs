//! What the cache makes of a response by its own rules, before a handler has said anything.

use std::time::Duration;

/// What the cache would do with a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Store it, or not, with the reason's word as the log has it: `no-store`, `set-cookie`.
    pub storable: Result<(), &'static str>,
    /// How long it would stay fresh from now on; zero where it would not be stored.
    pub ttl: Duration,
    /// How old it was when it arrived.
    pub age: Duration,
    /// How long after its expiry it may answer while it is refreshed.
    pub stale_while_revalidate: Duration,
    /// How long after its expiry it may answer instead of an error.
    pub stale_if_error: Duration,
    /// Whether it is stored anew or renews what is stored.
    pub act: Act,
    /// What an error would come to.
    pub on_error: OnError,
}

/// What storing a response would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It takes the place of what is stored, if anything is.
    Insert,
    /// A 304: its headers and its freshness become those of the stored response.
    Update,
}

/// What becomes of an error of the backend, or of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// A stale response is stored and may answer.
    ServeStale,
    /// The send fails.
    Fail,
}
