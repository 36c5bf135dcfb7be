//! The variants of one key: which comes first, which gives way to which, and which could go.

use std::cmp::Reverse;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::answer::is_inside;
use crate::entry::Entry;
use crate::partial::is_same_version;
use crate::purge::Order;

/// How many variants one key keeps.
pub(super) const MAX_VARIANTS: usize = 64;

/// An entry on the shelf; counted as such until it is dropped, which is done when no lock is held.
#[derive(Debug)]
pub(super) struct Shelved {
    pub(super) entry: Arc<Entry>,
    /// Its number in its shard; no other entry ever has the same.
    pub(super) number: u64,
    /// When its fetch began.
    pub(super) began: Order,
}

impl Shelved {
    pub(super) fn new(entry: Arc<Entry>, number: u64, began: Order) -> Self {
        entry.shelve();
        Self { entry, number, began }
    }
}

/// The variants of a key, the oldest first. Nearly all keys have one.
pub(super) type Variants = SmallVec<[Shelved; 1]>;

/// Takes out what `leaves` chooses.
pub(super) fn leaving(
    variants: &mut Variants,
    mut leaves: impl FnMut(&Shelved) -> bool,
) -> Vec<Shelved> {
    let (mut gone, mut at) = (Vec::new(), 0);
    while let Some(old) = variants.get(at) {
        match leaves(old) {
            true => gone.push(variants.remove(at)),
            false => at += 1,
        }
    }
    variants.shrink_to_fit();
    gone
}

impl Drop for Shelved {
    fn drop(&mut self) {
        self.entry.unshelve();
    }
}

/// The oldest variant that nobody holds, so that its memory is free once it leaves.
pub(super) fn loose(variants: &[Shelved]) -> Option<&Shelved> {
    variants.iter().find(|shelved| !is_held(variants, shelved))
}

/// Whether anybody beside the shelf holds an entry or its body, which several variants of the key may have.
fn is_held(variants: &[Shelved], shelved: &Shelved) -> bool {
    let entry = &shelved.entry;
    let ours = || variants.iter().filter(|it| it.entry.body.is_shared_with(&entry.body)).count();
    let holders = entry.body.holders();
    Arc::strong_count(entry) > 1 || (holders > 1 && holders > ours())
}

/// What would be free if it left alone.
pub(super) fn frees(variants: &[Shelved], shelved: &Shelved) -> u64 {
    let entry = &shelved.entry;
    let body = if entry.body.holders() == 1 { entry.body.account().charged() } else { 0 };
    if is_held(variants, shelved) { 0 } else { entry.charged() + body }
}

/// The sort keeps the order of equals: the last to arrive comes first.
pub(super) fn best_first(mut entries: Vec<Arc<Entry>>) -> Vec<Arc<Entry>> {
    entries.sort_by_key(|entry| Reverse(rank(entry)));
    entries
}

/// What carries `Vary` comes first, since some resources forget it on their default answer (RFC 9111 section 4.1), then
/// the newer `Date` (section 4).
fn rank(entry: &Entry) -> (bool, u64) {
    (!entry.head.variant.is_universal(), entry.head.made_at_ms())
}

/// A whole takes the place of all that is stored for its variant. A part leaves the whole alone, which may be stale but
/// can be validated, and leaves other parts of the same version alone, unless it has all their bytes.
pub(super) fn gives_way(old: &Entry, new: &Entry) -> bool {
    let is_same_variant = old.head.variant == new.head.variant || is_selected_anew(old, new);
    is_same_variant && (new.is_whole() || (!old.is_whole() && supersedes(new, old)))
}

/// Whether a validation changed the names in `Vary`, so that what the old variant was selected by counts no more.
fn is_selected_anew(old: &Entry, new: &Entry) -> bool {
    let (was, is) = (&old.head.variant, &new.head.variant);
    old.body.is_shared_with(&new.body) && !was.names().eq(is.names())
}

fn supersedes(new: &Entry, old: &Entry) -> bool {
    !is_same_version(old, new) || is_inside(new, &[old.bytes()])
}
