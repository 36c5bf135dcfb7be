use selvedge::prelude::*;

#[edge_handler(crate = missing)]
async fn absent() -> StatusCode {
    StatusCode::OK
}

mod shadows {
    mod selvedge {}

    #[::selvedge::prelude::edge_handler]
    async fn fine() -> &'static str {
        "fine"
    }
}

fn main() {}
