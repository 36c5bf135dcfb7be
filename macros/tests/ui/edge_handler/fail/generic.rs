use selvedge::prelude::*;

#[edge_handler]
async fn generic<T: Send>(_one: T) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn anonymous(_one: impl Send, _two: Option<impl Send>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn clause() -> StatusCode
where
    u8: Copy,
{
    StatusCode::OK
}

fn main() {}
