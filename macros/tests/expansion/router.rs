#[edge_handler(router, needs(Users))]
fn app() -> Router<App> {}
