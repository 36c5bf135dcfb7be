//! The fifty objects, and what is different about them.
//!
//! Faults are dealt out by kind, so that for each kind it is certain what the node must do.

/// How many there are.
pub(crate) const COUNT: usize = 50;

/// In which field of a request a client says when it was sent; the node hands it on with the request that it asks for.
pub(crate) const WANTED: &str = "stress-wanted";

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Small. Its origin dawdles, breaks off and refuses; its clients stay. Whoever wants it waits
    /// for one fetch.
    Steady,
    /// The same, but it is soon over, so that it is asked for again and again. Where all is slow it may be over when it
    /// comes, and then each asks for itself.
    Brief,
    /// Its origin also answers 500, which may let requests through side by side, it may be served
    /// stale, and its clients leave in the middle.
    Unsteady,
    /// Large enough that some are in each other's way, and one is too large for the shelf.
    Large,
}

/// What an object is.
pub(crate) fn kind(object: usize) -> Kind {
    match object % 10 {
        0 => Kind::Brief,
        3 | 8 => Kind::Unsteady,
        4 | 9 => Kind::Large,
        _ => Kind::Steady,
    }
}

/// How long its body is, in bytes: a few hundred up to a few thousand, around a hundred thousand,
/// or up to 9 MiB, where the shelf takes up to 8.
pub(crate) fn size(object: usize) -> usize {
    match kind(object) {
        Kind::Steady | Kind::Brief => 300 + object * 61,
        Kind::Unsteady => 60_000 + object * 2_003,
        Kind::Large => (object + 1) * 9 * 1024 * 1024 / COUNT,
    }
}

/// Whether it is purged by itself. Some go with everything else only, so that their fetches can
/// be counted the more strictly.
pub(crate) fn is_purged_alone(object: usize) -> bool {
    object % 10 != 1
}

/// How long it may be kept. Dates are in whole seconds, so that an answer may seem a second older than it is.
pub(crate) fn cache_control(object: usize) -> &'static str {
    match kind(object) {
        Kind::Unsteady => "max-age=2, stale-while-revalidate=1, stale-if-error=5",
        Kind::Brief => "max-age=3",
        Kind::Steady | Kind::Large => "max-age=60",
    }
}

/// Its path.
pub(crate) fn path(object: usize) -> String {
    format!("/object/{object}")
}

/// The object with this path.
pub(crate) fn at(path: &str) -> Option<usize> {
    path.strip_prefix("/object/")?.parse().ok().filter(|object| *object < COUNT)
}

/// The surrogate key that it is purged by.
pub(crate) fn surrogate_key(object: usize) -> String {
    format!("object-{object}")
}
