//! Arguments that are opened on the host of the request, without waiting: bindings and handles.

use std::marker::PhantomData;

use axum::response::IntoResponse as _;

use super::{Argument, LastArgument};
use crate::{
    __private::{Handle, extract::Arrived},
    Binding, Ctx, Response, Result,
    model::need::Need,
};

/// A binding or a handle: opened on the host of the request, without waiting.
pub struct Opened<T> {
    need: Need,
    open: fn(&Ctx, &'static str) -> Result<T>,
}

impl<T> Opened<T> {
    pub(in crate::__private) const fn binding() -> Self
    where
        T: Binding,
    {
        Self { need: T::NEED, open: |ctx, _| ctx.bind() }
    }

    /// That the handler declares the handle is the macro's doing.
    pub(in crate::__private) fn handle<Kind>(need: Need) -> Self
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
