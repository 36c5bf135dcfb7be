use selvedge::prelude::*;

#[edge_handler]
async fn borrowed(_text: &str) -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = "/{id}")]
async fn borrowed_path(Path(_id): Path<&str>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn answers_borrowed<'a>() -> &'a str {
    "x"
}

fn main() {}
