//! From a request to a handler's arguments, and from its answer to a response.
//!
//! The traits are axum's, behind names of ours whose error messages fit a handler's signature.

use axum::{
    extract::{FromRequest, FromRequestParts},
    response::IntoResponse,
};
use http::request::Parts;

use crate::{Binding, Body, Ctx, Error, Refusal, Request, Response, Result, plain};

/// An argument that is read from the request's head.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be this argument of a handler",
    label = "neither a binding nor read from the request's head",
    note = "it is a binding, or implements `axum::extract::FromRequestParts`; what takes the body stands last",
    note = "a binding that may be refused is `Result<Users>`, not `Option<Users>`, and stands in `needs(...)`"
)]
pub trait Part<S>: Sized {
    /// Reads the argument.
    fn take(head: &mut Parts, state: &S) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<S>, S: Send + Sync> Part<S> for T {
    async fn take(head: &mut Parts, state: &S) -> Result<Self, Response> {
        T::from_request_parts(head, state).await.map_err(IntoResponse::into_response)
    }
}

/// An argument that is the state, or a part of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be taken from the state `{S}`",
    label = "neither the state nor a part of it",
    note = "state is `Clone`; a part of it implements `axum::extract::FromRef<{S}>`"
)]
pub trait OfState<S>: Sized {
    /// Reads the argument.
    fn take(head: &mut Parts, state: &S) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<S>, S: Send + Sync> OfState<S> for T {
    async fn take(head: &mut Parts, state: &S) -> Result<Self, Response> {
        T::from_request_parts(head, state).await.map_err(IntoResponse::into_response)
    }
}

/// A handler's last argument, which may take the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "not an extractor",
    note = "an argument is a binding, `Request`, or anything that implements \
            `axum::extract::FromRequest`",
    note = "a binding that may be refused is `Result<Users>`, not `Option<Users>`, and stands in `needs(...)`"
)]
pub trait Last<S, M>: Sized {
    /// Reads the argument.
    fn take(request: Request, state: &S) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest<S, M>, S: Send + Sync, M> Last<S, M> for T {
    async fn take(request: Request, state: &S) -> Result<Self, Response> {
        T::from_request(request, state).await.map_err(IntoResponse::into_response)
    }
}

/// What a handler returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a handler's answer",
    label = "not a response",
    note = "return `Result<Response>`, `Response`, or anything that implements \
            `axum::response::IntoResponse`"
)]
pub trait Answer {
    /// The response.
    fn answer(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> Answer for T {
    fn answer(self) -> Response {
        self.into_response()
    }
}

/// A request on its way into a handler's arguments.
pub struct Arrived<S> {
    head: Parts,
    body: Body,
    state: S,
}

impl<S> Arrived<S> {
    /// A request that nothing was extracted from.
    pub(super) fn new(request: Request, state: S) -> Self {
        let (head, body) = request.into_parts();
        Self { head, body, state }
    }

    /// The context of the request, for [`plain()`].
    pub(super) fn ctx(&self) -> Option<Ctx> {
        self.head.extensions.get().cloned()
    }

    pub(super) fn head(&self) -> &Parts {
        &self.head
    }

    /// Extracts an argument that is not the last, or says the response that the request is rejected with.
    pub(super) async fn part<T: Part<S>>(&mut self) -> Result<T, Response> {
        T::take(&mut self.head, &self.state).await
    }

    /// Takes an argument from the state, or says the response that the request is rejected with.
    pub(super) async fn of_state<T: OfState<S>>(&mut self) -> Result<T, Response> {
        T::take(&mut self.head, &self.state).await
    }

    /// Extracts the last argument, or says the response that the request is rejected with.
    pub(super) async fn last<T: Last<S, M>, M>(self) -> Result<T, Response> {
        let Self { head, body, state } = self;
        T::take(Request::from_parts(head, body), &state).await
    }
}

/// What makes a handler's answer a response. Like an argument it forgets how it was made.
#[must_use]
pub fn answer<T: Answer>() -> fn(T) -> Response {
    T::answer
}

/// Runs a handler that is a plain function. `ctx` was taken from the request before its extractors. Fails with the response
/// to a request that no edge is running.
pub(super) async fn plain<T: Send + 'static>(
    ctx: Option<Ctx>,
    function: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Response> {
    let ctx = ctx.ok_or_else(|| Ctx::absent().into_response())?;
    plain::run(ctx.host(), function).await.ok_or_else(|| {
        let detail = "the handler was not run to its end";
        Error::new(Refusal::HandlerFailed, detail).into_response()
    })
}

/// Extracts a binding.
///
/// # Errors
/// As [`Ctx::of`] and [`Ctx::bind`].
pub fn bind<B: Binding>(head: &Parts) -> Result<B> {
    Ctx::of(head)?.bind()
}
