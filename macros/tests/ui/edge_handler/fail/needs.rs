use selvedge::prelude::*;

#[kv_store("users")]
struct Users;

struct NoBinding;

#[edge_handler(router, needs(Users, Users))]
fn twice() -> Router {
    Router::new()
}

#[edge_handler(router, needs(Users, NoBinding))]
fn no_binding() -> Router {
    Router::new()
}

fn main() {}
