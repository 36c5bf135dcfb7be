use std::rc::Rc;

use selvedge::prelude::*;

struct NoResponse;

#[edge_handler]
fn no_response() -> NoResponse {
    NoResponse
}

#[edge_handler]
fn body_not_last(_request: Request, _method: Method) -> StatusCode {
    StatusCode::OK
}

struct Local(#[expect(dead_code)] Rc<u8>);

impl<S: Sync> axum::extract::FromRequestParts<S> for Local {
    type Rejection = StatusCode;

    async fn from_request_parts(
        _: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, StatusCode> {
        Ok(Self(Rc::new(1)))
    }
}

#[edge_handler]
fn not_send(_local: Local) -> StatusCode {
    StatusCode::OK
}

fn main() {}
