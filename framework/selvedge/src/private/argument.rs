//! One argument of a handler as a value: what it needs of the service, and how it is read from a request.
//!
//! The values forget how they were made, so that a type that cannot be an argument is refused once, where it is written,
//! and not again where all of them are used.

mod extracted;
mod opened;

pub use self::{
    extracted::{Extracted, ExtractedLast, ExtractedPart},
    opened::{Opened, OpenedLast},
};
use super::extract::Arrived;
use crate::{Response, Result, model::need::Need};

/// An argument that is not the last: it leaves the body where it is.
pub trait Argument<S>: Copy + Send + Sync + 'static {
    /// What the handler is given.
    type Value: Send + 'static;

    /// What the service must provide.
    fn need(self) -> Option<Need>;

    /// Reads it, or says the response that the request is rejected with.
    fn take(
        self,
        arrived: &mut Arrived<S>,
    ) -> impl Future<Output = Result<Self::Value, Response>> + Send;
}

/// The last argument, which may take the body.
pub trait LastArgument<S>: Copy + Send + Sync + 'static {
    /// What the handler is given.
    type Value: Send + 'static;

    /// What the service must provide.
    fn need(self) -> Option<Need>;

    /// Reads it, or says the response that the request is rejected with.
    fn take_last(
        self,
        arrived: Arrived<S>,
    ) -> impl Future<Output = Result<Self::Value, Response>> + Send;
}
