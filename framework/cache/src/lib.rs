//! The HTTP cache as rules: headers and a time in, a decision out.
//!
//! Nothing here opens a socket, awaits or reads a clock. The caller brings unix milliseconds, so two runs on the
//! same text give the same answer. The rules are those of RFC 9111 for a shared cache, with the RFCs that the files
//! name; where they leave a choice, the shorter life is taken. Each file is the commentary on its sections. In the life
//! of one request they stand in this order:
//!
//! 1. **ask** - [`may_look_up`] ([`lookup`]) says whether the method may use the cache; a pass has its [`PassReason`].
//!    [`Shelf::stock`] ([`shelf`], [`stock`]) finds what is kept under a [`Key`] ([`key`], [`key_rule`]) and which of it
//!    was stored for such a request ([`vary`], [`normal`]).
//! 2. **decide** - [`decide`](decide::decide) ([`mod@decide`]) puts the rules in their order: conditions that are the
//!    origin's ([`condition`]), what the client asks for ([`request`]), as far as the service's [`Policy`] ([`policy`])
//!    listens, and whether an entry may answer as it is, stale, or after validation ([`mod@reuse`], [`mod@stale`]). The
//!    outcome is to serve, to forward, or to refuse; its words are in [`decision`].
//! 3. **fetch** - the caller notes that a fetch begins ([`Shelf::begin`]) and sends the request. [`validate`] makes it ask
//!    about what is stored, or strips it of what a fetch on the cache's own account must not carry; [`mod@rest`] makes it
//!    ask for the missing bytes of a part.
//! 4. **receive** - [`receive`](receive::receive) ([`mod@receive`]) judges the answer's head: a 304 renews entries
//!    ([`merge`]), a failure lets a stale one stand in ([`mod@stale`]), a HEAD updates or outdates them
//!    ([`head_update`]), and the rest may be stored or not. That is for [`storable()`] ([`mod@storable`]) to say, by the
//!    field that decides ([`governing`], [`control`], [`targeted`]), the dates ([`when`]) and the lifetime that they make
//!    ([`fresh`]); [`NoStore`] has a name for each refusal. Stored or not, it takes away what it is in the place of
//!    ([`mod@outdated`]).
//! 5. **admit** - [`Fill`] ([`fill`]) gathers the body while it streams past, in a [`Room`] of the shelf's budget. The
//!    [`StoredBody`] ([`body`]) becomes with the [`StoredHead`] ([`head`]) an [`Entry`] ([`entry`], [`fields`]), or a part
//!    of one ([`partial`], [`extent`]), for [`Shelf::put`], which refuses what was purged since its fetch began.
//! 6. **answer** - [`answer()`] ([`mod@answer`]) makes the answer of an entry: the client's own conditions ([`condition`],
//!    [`etag`]), its range ([`range`]), then the method. [`cache_status`] tells what was done. [`Unsent`] is a body on its way.
//! 7. **forget** - [`targets`] ([`invalidate`]) says which URIs a write made worthless, and [`Shelf::remove_target`] takes
//!    them away. [`Shelf::purge`] ([`mod@purge`]) takes away or outdates a target, or what has a surrogate key
//!    ([`surrogate`]). Everything of a service goes when its keys get another generation ([`Key::in_generation`]).
//!
//! Objects that code stores lie on the same shelf; what they need of their own is in [`object`].
//!
//! Several requests may want the same answer at once: [`collapse`] says which of them may wait for one of them, and
//! [`mark`] when waiting is not worth it.

pub mod answer;
mod block;
pub mod body;
pub mod cache_status;
mod chunk;
pub mod chunks;
pub mod collapse;
pub mod condition;
pub mod control;
pub mod decide;
pub mod decision;
mod directive;
pub mod entry;
pub mod etag;
pub mod extent;
pub mod fields;
pub mod fill;
pub mod fresh;
pub mod governing;
pub mod head;
pub mod head_update;
pub mod invalidate;
pub mod key;
pub mod key_rule;
pub mod lookup;
pub mod mark;
mod members;
pub mod merge;
mod multipart;
pub mod normal;
mod number;
pub mod object;
pub mod outdated;
pub mod partial;
pub mod policy;
pub mod purge;
pub mod range;
mod reference;
pub mod receive;
pub mod request;
pub mod rest;
pub mod reuse;
pub mod shelf;
pub mod stale;
pub mod stock;
pub mod storable;
pub mod surrogate;
mod sync;
pub mod targeted;
pub mod validate;
pub mod vary;
pub mod when;
pub mod written;

#[cfg(test)]
mod sample;

pub use answer::{
    Answer, Audience, BodyPlan, Form, Piece, Unlike, answer, answer_coming, answer_headers,
    answer_headers_of, form, strip_surrogate, write_answer,
};
pub use body::{Chunk, Unsent};
pub use cache_status::StatusMember;
pub use condition::{Condition, must_forward};
pub use control::{CacheControl, Delta, SurrogateControl};
pub use decision::{MissReason, NoStore, PassReason, Verdict};
pub use entry::{ENTRY_OVERHEAD, Entry, StoredHead};
pub use extent::{ContentRange, Extent, NoRange};
pub use fields::storable_headers;
pub use fill::{Fill, StoredBody};
pub use fresh::{Freshness, FreshnessSource};
pub use invalidate::{invalidates, targets};
pub use key::Key;
pub use key_rule::KeyRules;
pub use lookup::may_look_up;
pub use policy::{ErrorStatuses, Override, Policy, Profile, SetCookie, Storing};
pub use purge::{Order, Overtaken, Purge, PurgeMode};
pub use request::{MaxStale, RequestDirectives};
pub use reuse::{Reuse, ValidateReason, reuse};
pub use shelf::{Announced, Began, Charge, PutOutcome, Room, Shelf};
pub use stale::{Failure, StalePermission, StaleRules, may_serve_stale};
pub use stock::{Entries, Stock, best};
pub use storable::{RequestView, ResponseView, storable};
pub use vary::{Variant, VaryStar};
pub use when::Times;
