//! Whether a handler in `main!` has the state that it takes, so that one that has not is named there.

use crate::Service;

/// A handler whose service is given no state, where `S` is what it takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes the state `{S}`, and none is given here",
    label = "without its state",
    note = "write the state behind the path: `{Self} => state`"
)]
pub trait RunsAlone<S> {
    /// Its service, which lacks nothing.
    fn complete(service: Service<S>) -> Service;
}

#[diagnostic::do_not_recommend]
impl<T> RunsAlone<()> for T {
    fn complete(service: Service) -> Service {
        service
    }
}

/// With one state alone to choose from, rustc would take every service for one that has it.
#[derive(Clone)]
pub struct NoState(());

#[diagnostic::do_not_recommend]
impl<T> RunsAlone<NoState> for T {
    fn complete(service: Service<NoState>) -> Service {
        service.with_state(NoState(()))
    }
}

/// The service of the handler `T`, where no state is given. That it takes one is reported under its name.
#[must_use]
pub fn alone<T: RunsAlone<S>, S>(service: Service<S>) -> Service {
    T::complete(service)
}
