use selvedge::prelude::*;

struct NoResponse;

#[edge_handler]
async fn plain() -> NoResponse {
    NoResponse
}

#[edge_handler]
async fn in_a_result() -> Result<NoResponse> {
    Ok(NoResponse)
}

fn main() {}
