//! What a handler needs, gathered from the types of its arguments.

use std::marker::PhantomData;

use crate::{
    Binding,
    model::{
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
