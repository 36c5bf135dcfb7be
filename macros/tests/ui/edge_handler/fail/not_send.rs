use std::rc::Rc;

use selvedge::prelude::*;

#[edge_handler]
async fn storefront() -> StatusCode {
    let count = Rc::new(1);
    std::future::ready(()).await;
    drop(count);
    StatusCode::OK
}

fn main() {}
