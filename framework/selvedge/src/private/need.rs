//! What a handler needs, gathered from the types of its arguments.

use std::marker::PhantomData;

use super::{Extracted, Opened};
use crate::{
    Binding,
    model::{
        limits::LINKS_PER_SERVICE,
        name::StoreKind,
        need::{ChainStores, Need, NeedKind},
    },
};

/// Asks a type what it needs as an argument: `NeedOf::<T>::ARGUMENT`.
///
/// For a binding that is the inherent constant, which wins; for every other type only the one of
/// [`NoNeed`] exists. So an argument need not say whether it is a binding.
pub struct NeedOf<T>(PhantomData<T>);

impl<T: Binding> NeedOf<T> {
    /// A binding as an argument.
    pub const ARGUMENT: Opened<T> = Opened::binding();
}

/// The answer for types that are no bindings.
pub trait NoNeed {
    /// The type that is asked.
    type Type;
    /// Such a type as an argument.
    const ARGUMENT: Extracted<Self::Type> = Extracted::new();
}

impl<T> NoNeed for NeedOf<T> {
    type Type = T;
}

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

/// The two stores of chain tokens.
#[must_use]
pub const fn chain_stores(config: &'static str, secrets: &'static str) -> ChainStores {
    ChainStores { config, secrets }
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
pub(super) fn collect(asked: Vec<Option<Need>>, listed: &[Need]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for need in asked.into_iter().flatten().chain(listed.iter().copied()) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}
