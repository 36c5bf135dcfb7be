//! Functions with their arguments as services.

use axum::{Router, extract::State, routing::any};

use super::{
    arguments::{Arguments, Call},
    extract::{Arrived, plain},
    need::collect,
};
use crate::{Request, Response, Result, Service, model::need::Need};

/// The service of a handler that is an `async fn`: one route, or every path. `needs` is what it lists beside its
/// arguments, and `answer` makes its answer a response.
pub fn handler_service<S, Given, Function, Answered>(
    name: &'static str,
    path: Option<&'static str>,
    needs: &[Need],
    arguments: Given,
    function: Function,
    answer: fn(Answered) -> Response,
) -> Service<S>
where
    S: Clone + Send + Sync + 'static,
    Given: Arguments<S>,
    Function: Call<Given::Values, Answer: Future<Output = Answered> + Send + 'static>,
    Answered: 'static,
{
    let handler = move |State(state): State<S>, request: Request| {
        let function = function.clone();
        async move {
            let values = arguments.take(Arrived::new(request, state)).await?;
            Result::<_, Response>::Ok(answer(function.call(values).await))
        }
    };
    let router = match path {
        Some(path) => Router::new().route(path, any(handler)),
        None => Router::new().fallback(handler),
    };
    Service::new(name, router, collect(arguments.needs(), needs))
}

/// The service of a handler that is a plain `fn`, as [`handler_service`].
pub fn plain_service<S, Given, Function, Answered>(
    name: &'static str,
    path: Option<&'static str>,
    needs: &[Need],
    arguments: Given,
    function: Function,
    answer: fn(Answered) -> Response,
) -> Service<S>
where
    S: Clone + Send + Sync + 'static,
    Given: Arguments<S>,
    Function: Call<Given::Values, Answer = Answered>,
    Answered: Send + 'static,
{
    let handler = move |State(state): State<S>, request: Request| {
        let function = function.clone();
        async move {
            let arrived = Arrived::new(request, state);
            // Extractors may take it.
            let ctx = arrived.ctx();
            let values = arguments.take(arrived).await?;
            Result::<_, Response>::Ok(answer(plain(ctx, move || function.call(values)).await?))
        }
    };
    let router = match path {
        Some(path) => Router::new().route(path, any(handler)),
        None => Router::new().fallback(handler),
    };
    Service::new(name, router, collect(arguments.needs(), needs))
}

/// What a function with `router` returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the router of a service",
    label = "not a `Router`",
    note = "with `router`, the function returns `Router`, or `Router<App>` where it takes state; behind another name for \
            that type, say `state = App`"
)]
pub trait Routes<S> {
    /// The router itself.
    fn routes(self) -> Router<S>;
}

impl<S> Routes<S> for Router<S> {
    fn routes(self) -> Router<S> {
        self
    }
}

/// The router that a function returned, whose type is refused where it is written.
pub fn router<T: Routes<S>, S>(made: T) -> Router<S> {
    made.routes()
}

/// The service of a function that returns a router.
#[must_use]
pub fn router_service<S: Clone + Send + Sync + 'static>(
    name: &'static str,
    needs: &[Need],
    router: Router<S>,
) -> Service<S> {
    Service::new(name, router, collect(Vec::new(), needs))
}
