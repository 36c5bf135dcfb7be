use selvedge::prelude::*;

#[derive(Clone)]
struct App;

#[derive(Clone)]
struct Part;

// `Part` is no part of `App`: there is no `FromRef`.
#[edge_handler(state = App)]
async fn no_part(State(_part): State<Part>, _request: Request) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn storefront(State(_app): State<App>) -> StatusCode {
    StatusCode::OK
}

fn runs(_service: selvedge::Service) {}

fn main() {
    runs(storefront::service());
}
