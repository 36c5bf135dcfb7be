use selvedge::prelude::*;

struct Shop;

impl Shop {
    #[edge_handler]
    async fn storefront(&self) -> StatusCode {
        StatusCode::OK
    }
}

fn main() {
    let _ = Shop.storefront();
}
