//! Whether a handler in `main!` has the state that it takes, so that one that has not is named there.

use std::marker::PhantomData;

use crate::Service;

/// A handler that takes state. It does not say which: a public handler may take a private type.
pub trait TakesState {}

/// A handler that takes state and has it without being given any: there is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes state, and none is given here",
    label = "without its state",
    note = "write the state behind the path: `{Self} => state`"
)]
pub trait HasState {
    /// Its service, which lacks nothing.
    fn complete<S>(service: Service<S>) -> Service;
}

/// Asks for the service of a handler that is given no state: `Alone::<T>::service(T::service())`.
///
/// For one that takes state that is the inherent function, which wins; for every other only the one of [`Stateless`]
/// exists.
pub struct Alone<T>(PhantomData<T>);

impl<T: TakesState> Alone<T> {
    /// Refused, because the state is missing.
    #[must_use]
    pub fn service<S>(service: Service<S>) -> Service
    where
        T: HasState,
    {
        T::complete(service)
    }
}

/// The answer for handlers without state.
pub trait Stateless {
    /// The service as it is.
    #[must_use]
    fn service(service: Service) -> Service {
        service
    }
}

impl<T> Stateless for Alone<T> {}
