use selvedge::prelude::*;

#[edge_handler]
async unsafe fn one() -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async extern "C" fn two() -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
const fn three() -> StatusCode {
    StatusCode::OK
}

fn main() {}
