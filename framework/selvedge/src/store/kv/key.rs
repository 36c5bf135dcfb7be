//! Which keys a KV store binding takes: whatever prints as one, or one type of keys only.
//!
//! What makes a text a key is decided by [`KvKey`](crate::model::key::KvKey), for both.

use std::{fmt::Display, marker::PhantomData};

/// Keys are anything that prints as one: the form without `key = ...`.
pub struct AnyKey(());

/// Keys are values of `K` or references to one, and nothing else.
///
/// ```
/// use std::fmt;
///
/// use selvedge::prelude::*;
///
/// pub struct UserId(u64);
///
/// impl fmt::Display for UserId {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         write!(f, "user/{}", self.0)
///     }
/// }
///
/// #[kv_store("users", key = UserId, value = Text)]
/// pub struct Users;
///
/// async fn first(users: Users) -> Result<Option<String>> {
///     users.get(UserId(1)).await
/// }
/// ```
pub struct Typed<K>(PhantomData<fn() -> K>);

/// A key for a store whose keys have the form `F`: [`AnyKey`] or [`Typed`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of this KV store",
    label = "another type of keys",
    note = "the binding says `key = ...`: give a value of that type, or a reference to one; \
            without `key`, a key is anything that implements `Display`"
)]
pub trait KeyFor<F> {
    /// The key as text.
    fn text(&self) -> String;
}

impl<T: Display> KeyFor<AnyKey> for T {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl<K: Display> KeyFor<Typed<K>> for K {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl<K: Display> KeyFor<Typed<K>> for &K {
    fn text(&self) -> String {
        self.to_string()
    }
}
