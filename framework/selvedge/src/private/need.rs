//! What a handler needs, gathered from the types of its arguments.

use std::marker::PhantomData;

use crate::{
    Binding,
    model::{
        limits::LINKS_PER_SERVICE,
        name::StoreKind,
        need::{ChainStores, Need, NeedKind},
    },
};

/// Asks a type what it needs: `NeedOf::<T>::NEED`.
///
/// For a binding that is the inherent constant, which wins; for every other type only the one of
/// [`NoNeed`] exists. So an argument need not say whether it is a binding.
pub struct NeedOf<T>(PhantomData<T>);

impl<T: Binding> NeedOf<T> {
    /// What the binding needs.
    pub const NEED: Option<Need> = Some(T::NEED);
}

/// The answer for types that are no bindings.
pub trait NoNeed {
    /// Nothing.
    const NEED: Option<Need> = None;
}

impl<T> NoNeed for NeedOf<T> {}

/// The need of a store binding.
#[must_use]
pub const fn store_need(kind: StoreKind, link: &'static str) -> Need {
    Need { kind: NeedKind::Store(kind), name: link }
}

/// The need of a backend binding.
#[must_use]
pub const fn backend_need(name: &'static str, chain_auth: Option<ChainStores>) -> Need {
    Need { kind: NeedKind::Backend { chain_auth }, name }
}

/// Refuses a handler with more stores than a service can link, where the program is compiled.
///
/// # Panics
/// In a constant, as a compile error.
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn within_limits(asked: &[Option<Need>]) {
    let (mut links, mut place) = (0, 0);
    while place < asked.len() {
        if let Some(need) = &asked[place]
            && let NeedKind::Store(_) = need.kind
            && !named_before(asked, place, need.name)
        {
            links += 1;
        }
        place += 1;
    }
    if links > LINKS_PER_SERVICE {
        panic!("this handler uses more stores than a service may link, which is 50");
    }
}

/// Links of a service share their names, whatever they lead to.
const fn named_before(asked: &[Option<Need>], end: usize, name: &str) -> bool {
    let mut place = 0;
    while place < end {
        if let Some(need) = &asked[place]
            && let NeedKind::Store(_) = need.kind
            && same(need.name.as_bytes(), name.as_bytes())
        {
            return true;
        }
        place += 1;
    }
    false
}

/// Constants cannot use `==` on texts.
const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// Each need once, in the order of first mention.
#[must_use]
pub fn collect(asked: &[Option<Need>]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for need in asked.iter().flatten() {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    needs
}
