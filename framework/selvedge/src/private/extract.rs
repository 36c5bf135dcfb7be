//! From a request to a handler's arguments, and from its answer to a response.
//!
//! The traits are axum's, behind names of ours whose error messages fit a handler's signature.

use axum::{
    extract::{FromRequest, FromRequestParts},
    response::IntoResponse,
};
use http::request::Parts;

use crate::{Binding, Body, Ctx, Request, Response, Result};

/// An argument that is read from the request's head.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be this argument of a handler",
    label = "neither a binding nor read from the request's head",
    note = "only the last argument may take the body; every other one implements \
            `axum::extract::FromRequestParts<()>`"
)]
pub trait Part: Sized {
    /// Reads the argument.
    fn take(head: &mut Parts) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<()>> Part for T {
    async fn take(head: &mut Parts) -> Result<Self, Response> {
        T::from_request_parts(head, &()).await.map_err(IntoResponse::into_response)
    }
}

/// A handler's last argument, which may take the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "not an extractor",
    note = "an argument is a binding, `Request`, or anything that implements \
            `axum::extract::FromRequest<()>`"
)]
pub trait Last<M>: Sized {
    /// Reads the argument.
    fn take(request: Request) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest<(), M>, M> Last<M> for T {
    async fn take(request: Request) -> Result<Self, Response> {
        T::from_request(request, &()).await.map_err(IntoResponse::into_response)
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

/// Extracts an argument that is not the last.
///
/// # Errors
/// The response that the extractor rejects the request with.
pub async fn part<T: Part>(head: &mut Parts) -> Result<T, Response> {
    T::take(head).await
}

/// Extracts the last argument.
///
/// # Errors
/// The response that the extractor rejects the request with.
pub async fn last<T: Last<M>, M>(head: Parts, body: Body) -> Result<T, Response> {
    T::take(Request::from_parts(head, body)).await
}

/// Makes a handler's answer a response.
pub fn answer<T: Answer>(answer: T) -> Response {
    answer.answer()
}

/// Extracts a binding.
///
/// # Errors
/// As [`Ctx::of`] and [`Ctx::bind`].
pub fn bind<B: Binding>(head: &Parts) -> Result<B> {
    Ctx::of(head)?.bind()
}
