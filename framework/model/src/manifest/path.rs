//! Path patterns of rules, and the normal form in which paths are compared with them.
//!
//! The normal form exists only for comparing; a path is forwarded as it was received.
//! RFC 3986 sections 2.3 (unreserved characters), 5.2.4 (dot segments) and 6.2.2 (normal forms).

mod loose;
mod normal;
mod pattern;

pub(super) use loose::loose_path;
pub(super) use normal::resolve;
pub use normal::{literal_path, normalise_path};
pub use pattern::PathPattern;

#[cfg(test)]
mod tests;
