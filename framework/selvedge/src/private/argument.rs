//! One argument of a handler as a value: what it needs of the service, and how it is read from a request.
//!
//! The values forget how they were made, so that a type that cannot be an argument is refused once, where it is written,
//! and not again where all of them are used.

use std::marker::PhantomData;

use axum::response::IntoResponse as _;

use super::{
    Handle,
    extract::{Arrived, Last, OfState, Part},
};
use crate::{Binding, Ctx, Response, Result, host::BoxFuture, model::need::Need};

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

/// A binding or a handle: opened on the host of the request, without waiting.
pub struct Opened<T> {
    need: Need,
    open: fn(&Ctx, &'static str) -> Result<T>,
}

impl<T> Opened<T> {
    pub(super) const fn binding() -> Self
    where
        T: Binding,
    {
        Self { need: T::NEED, open: |ctx, _| ctx.bind() }
    }

    /// That the handler declares the handle is the macro's doing.
    pub(super) fn handle<Kind>(need: Need) -> Self
    where
        T: Handle<Kind>,
    {
        Self { need, open: |ctx, name| Ok(T::open(ctx, name)) }
    }

    /// What the service must provide.
    #[must_use]
    pub const fn need(&self) -> Option<Need> {
        Some(self.need)
    }

    /// As an argument that is not the last.
    #[must_use]
    pub fn part<S>(self) -> Self {
        self
    }

    /// As the last argument.
    #[must_use]
    pub fn last<S, M>(self) -> OpenedLast<T, M> {
        OpenedLast { opened: self, way: PhantomData }
    }

    #[expect(
        clippy::result_large_err,
        reason = "as the extractors beside it, which are asynchronous"
    )]
    fn open<S>(self, arrived: &Arrived<S>) -> Result<T, Response> {
        let opened = Ctx::of(arrived.head()).and_then(|ctx| (self.open)(ctx, self.need.name));
        opened.map_err(|error| error.into_response())
    }
}

impl<T> Clone for Opened<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Opened<T> {}

impl<T: Send + 'static, S: Send + Sync> Argument<S> for Opened<T> {
    type Value = T;

    fn need(self) -> Option<Need> {
        Some(self.need)
    }

    async fn take(self, arrived: &mut Arrived<S>) -> Result<T, Response> {
        self.open(arrived)
    }
}

impl<T: Send + 'static, S: Send + Sync> LastArgument<S> for Opened<T> {
    type Value = T;

    fn need(self) -> Option<Need> {
        Some(self.need)
    }

    async fn take_last(self, arrived: Arrived<S>) -> Result<T, Response> {
        self.open(&arrived)
    }
}

/// A binding as the last argument. Extractors are read in one of two ways, these in one.
pub struct OpenedLast<T, M> {
    opened: Opened<T>,
    way: PhantomData<fn() -> M>,
}

impl<T, M> Clone for OpenedLast<T, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, M> Copy for OpenedLast<T, M> {}

impl<T: Send + 'static, S: Send + Sync> LastArgument<S> for OpenedLast<T, ()> {
    type Value = T;

    fn need(self) -> Option<Need> {
        Some(self.opened.need)
    }

    async fn take_last(self, arrived: Arrived<S>) -> Result<T, Response> {
        self.opened.open(&arrived)
    }
}

/// A type that is no binding: if it can be an argument, it is extracted.
pub struct Extracted<T>(PhantomData<fn() -> T>);

impl<T> Extracted<T> {
    pub(super) const fn new() -> Self {
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
