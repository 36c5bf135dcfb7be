//! The HTTP cache as rules: headers and a time in, a decision out.
//!
//! Nothing here opens a socket, awaits or reads a clock. The caller brings unix milliseconds, so two runs on the
//! same text give the same answer. The life of one request, and the file for each step:
//!
//! 1. **ask** - [`may_look_up`] ([`lookup`]) says whether the method may use the cache at all; a pass has its
//!    [`PassReason`] ([`decision`]).
//! 2. **find** - [`Shelf::get`] ([`shelf`]) finds what is kept under a [`Key`] ([`key`]) for this request
//!    ([`vary`]), and says whether it is still fresh ([`lookup`]).
//! 3. **decide** - the outcome is a [`Verdict`], whose words show in headers, metrics and logs ([`cache_status`]).
//! 4. **admit** - after a fetch, [`storable`](storable()) ([`storable`](mod@storable)) gives a [`Freshness`]
//!    ([`fresh`]) or the named reason not to store ([`NoStore`]). It reads the directives ([`control`]) of the
//!    field that decides ([`governing`]) and the dates ([`when`]).
//! 5. **fill** - [`Fill`] ([`fill`]) gathers the body while it streams; with the [`StoredHead`] it becomes an
//!    [`Entry`] ([`entry`]) for [`Shelf::put`].
//! 6. **answer** - [`answer_headers`] ([`answer`]) makes the header section of a reuse.
//! 7. **forget** - [`invalidates`] ([`invalidate`]) says when a write made what is kept worthless.
//!
//! What is deliberately absent: validation, ranges and serving stale. An expired object is reported as such
//! ([`Found::Stale`]) and has to be fetched anew; a partial response is never stored.
//!
//! The rules are those of RFC 9111 for a shared cache. Where the RFC leaves a choice, the shorter life is taken.

pub mod answer;
pub mod cache_status;
pub mod control;
pub mod decision;
pub mod entry;
pub mod fill;
pub mod fresh;
pub mod governing;
pub mod invalidate;
pub mod key;
pub mod lookup;
pub mod shelf;
pub mod storable;
pub mod vary;
pub mod when;

pub use answer::{answer_headers, strip_surrogate};
pub use cache_status::StatusMember;
pub use control::{CacheControl, Delta, SurrogateControl};
pub use decision::{MissReason, NoStore, PassReason, Verdict};
pub use entry::{Entry, StoredHead, storable_headers};
pub use fill::{Fill, StoredBody};
pub use fresh::{Freshness, FreshnessSource, Override, Policy};
pub use invalidate::invalidates;
pub use key::Key;
pub use lookup::{Reuse, may_look_up, reuse};
pub use shelf::{Found, PutOutcome, Shelf};
pub use storable::{RequestView, ResponseView, storable};
pub use vary::{Variant, VaryStar};
pub use when::Times;
