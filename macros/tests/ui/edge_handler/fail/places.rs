use selvedge::prelude::*;

struct Shop;

impl Shop {
    #[edge_handler]
    async fn associated(_request: Request) -> StatusCode {
        StatusCode::OK
    }
}

trait Shops {
    #[edge_handler]
    async fn declared(_request: Request) -> StatusCode;
}

#[edge_handler]
#[edge_handler]
async fn twice() -> StatusCode {
    StatusCode::OK
}

mod taken {}

#[edge_handler]
async fn taken(_request: Request) -> StatusCode {
    StatusCode::OK
}

fn main() {}
