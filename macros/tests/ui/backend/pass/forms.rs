//! With and without chain auth.

use selvedge::prelude::*;

#[backend("origin 1, the old one")]
pub struct Origin;

#[backend("catalog", chain_auth(config = "config", secrets = "secrets"))]
#[derive(Clone, Debug)]
pub struct Catalog;

#[edge_handler]
async fn chained(origin: Origin, catalog: Catalog, request: Request) -> Result<Response> {
    origin.get("/health").await?;
    catalog.send(request.cache(Cache::Pass)).await
}

fn main() {
    assert_eq!(chained::service().needs().len(), 2);
}
