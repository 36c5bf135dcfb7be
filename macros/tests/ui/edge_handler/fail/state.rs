use selvedge::prelude::*;

#[derive(Clone)]
struct App;

#[derive(Clone)]
struct Part;

#[edge_handler]
async fn two_types(State(_app): State<App>, State(_part): State<Part>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler(state)]
async fn no_type(State(_app): State<App>) -> StatusCode {
    StatusCode::OK
}

fn main() {}
