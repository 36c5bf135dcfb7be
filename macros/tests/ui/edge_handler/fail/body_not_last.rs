use selvedge::prelude::*;

#[edge_handler]
async fn not_last(_request: Request, _method: Method) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn two(_body: Bytes, _request: Request) -> StatusCode {
    StatusCode::OK
}

fn main() {}
