//! The HTTP cache as rules: headers and a time in, a decision out.
//!
//! Nothing here opens a socket, awaits or reads a clock. The caller brings unix milliseconds, so two runs on the
//! same text give the same answer. The life of one request, and the file for each step:
//!
//! 1. **ask** - [`may_look_up`] ([`lookup`]) says whether the method may use the cache at all; a pass has its
//!    [`PassReason`] ([`decision`]).
//! 2. **find** - [`Shelf::get`] ([`shelf`]) finds what is kept under a [`Key`] ([`key`], [`key_rule`]) for this request
//!    ([`vary`], [`normal`]). [`reuse`](reuse()) ([`reuse`](mod@reuse)) says whether it may answer, as the request's own
//!    directives ([`request`]) and the service's [`Policy`] ([`policy`]) allow.
//! 3. **decide** - the outcome is a [`Verdict`], whose words show in headers, metrics and logs ([`cache_status`]).
//! 4. **admit** - after a fetch, [`storable`](storable()) ([`storable`](mod@storable)) gives a [`Freshness`]
//!    ([`fresh`], [`stale`]) or the named reason not to store ([`NoStore`]). It reads the directives ([`control`],
//!    [`targeted`]) of the field that decides ([`governing`]) and the dates ([`when`]). When the origin has failed,
//!    [`may_serve_stale`] says what may be served instead.
//! 5. **fill** - [`Fill`] ([`fill`]) gathers the body while it streams; with the [`StoredHead`] it becomes an
//!    [`Entry`] ([`entry`]) for [`Shelf::put`].
//! 6. **answer** - [`answer_headers`] ([`answer`]) makes the header section of a reuse.
//! 7. **forget** - [`targets`] ([`invalidate`]) says which URIs a write made worthless.
//!
//! What is deliberately absent: validation, ranges and serving stale. An expired object is reported as such
//! ([`Found::Stale`]) and has to be fetched anew; a partial response is never stored.
//!
//! The rules are those of RFC 9111 for a shared cache. Where the RFC leaves a choice, the shorter life is taken.

pub mod answer;
pub mod cache_status;
pub mod condition;
pub mod control;
pub mod decide;
pub mod decision;
mod directive;
pub mod entry;
pub mod etag;
pub mod extent;
pub mod fill;
pub mod fresh;
pub mod governing;
pub mod head_update;
pub mod invalidate;
pub mod key;
pub mod key_rule;
pub mod lookup;
pub mod merge;
mod multipart;
pub mod normal;
pub mod partial;
pub mod policy;
pub mod range;
mod reference;
pub mod receive;
pub mod request;
pub mod reuse;
pub mod shelf;
pub mod stale;
pub mod storable;
pub mod targeted;
pub mod validate;
pub mod vary;
pub mod when;

#[cfg(test)]
mod sample;

pub use answer::{Answer, BodyPlan, Piece, answer, answer_headers, strip_surrogate};
pub use cache_status::StatusMember;
pub use condition::{Condition, must_forward};
pub use control::{CacheControl, Delta, SurrogateControl};
pub use decision::{MissReason, NoStore, PassReason, Verdict};
pub use entry::{Entry, StoredHead, storable_headers};
pub use extent::{ContentRange, Extent, NoRange};
pub use fill::{Fill, StoredBody};
pub use fresh::{Freshness, FreshnessSource};
pub use invalidate::{invalidates, targets};
pub use key::Key;
pub use key_rule::KeyRules;
pub use lookup::may_look_up;
pub use policy::{Override, Policy, Profile, SetCookie};
pub use request::{MaxStale, RequestDirectives};
pub use reuse::{Reuse, ValidateReason, reuse};
pub use shelf::{Found, PutOutcome, Shelf, best};
pub use stale::{Failure, StalePermission, StaleRules, may_serve_stale};
pub use storable::{RequestView, ResponseView, storable};
pub use vary::{Variant, VaryStar};
pub use when::Times;
