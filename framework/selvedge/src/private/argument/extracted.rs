//! Arguments that are extracted as axum does it, from the head of the request or from all of it.

use std::marker::PhantomData;

use super::{Argument, LastArgument};
use crate::{
    __private::extract::{Arrived, Last, OfState, Part},
    Response, Result,
    host::BoxFuture,
    model::need::Need,
};

/// A type that is no binding: if it can be an argument, it is extracted.
pub struct Extracted<T>(PhantomData<fn() -> T>);

impl<T> Extracted<T> {
    pub(in crate::__private) const fn new() -> Self {
        Self(PhantomData)
    }

    /// What the service must provide.
    #[must_use]
    pub const fn need(&self) -> Option<Need> {
        None
    }

    /// As an argument that is not the last.
    #[must_use]
    pub fn part<S: Send + Sync>(self) -> ExtractedPart<T, S>
    where
        T: Part<S> + 'static,
    {
        ExtractedPart(|arrived| Box::pin(arrived.part()))
    }

    /// As the state or a part of it, wherever it stands.
    #[must_use]
    pub fn state<S: Send + Sync>(self) -> ExtractedPart<T, S>
    where
        T: OfState<S> + 'static,
    {
        ExtractedPart(|arrived| Box::pin(arrived.of_state()))
    }

    /// As the last argument.
    #[must_use]
    pub fn last<S: Send + Sync + 'static, M: 'static>(self) -> ExtractedLast<T, S>
    where
        T: Last<S, M> + 'static,
    {
        ExtractedLast(|arrived| Box::pin(arrived.last()))
    }
}

type Extracting<'a, T> = BoxFuture<'a, Result<T, Response>>;

/// An extractor that reads the head.
pub struct ExtractedPart<T, S>(for<'a> fn(&'a mut Arrived<S>) -> Extracting<'a, T>);

impl<T, S> Clone for ExtractedPart<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for ExtractedPart<T, S> {}

impl<T: Send + 'static, S: Send + Sync + 'static> Argument<S> for ExtractedPart<T, S> {
    type Value = T;

    fn need(self) -> Option<Need> {
        None
    }

    async fn take(self, arrived: &mut Arrived<S>) -> Result<T, Response> {
        (self.0)(arrived).await
    }
}

impl<T: Send + 'static, S: Send + Sync + 'static> LastArgument<S> for ExtractedPart<T, S> {
    type Value = T;

    fn need(self) -> Option<Need> {
        None
    }

    async fn take_last(self, mut arrived: Arrived<S>) -> Result<T, Response> {
        (self.0)(&mut arrived).await
    }
}

/// An extractor that may take the body.
pub struct ExtractedLast<T, S>(fn(Arrived<S>) -> Extracting<'static, T>);

impl<T, S> Clone for ExtractedLast<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for ExtractedLast<T, S> {}

impl<T: Send + 'static, S: Send + Sync + 'static> LastArgument<S> for ExtractedLast<T, S> {
    type Value = T;

    fn need(self) -> Option<Need> {
        None
    }

    async fn take_last(self, arrived: Arrived<S>) -> Result<T, Response> {
        (self.0)(arrived).await
    }
}
