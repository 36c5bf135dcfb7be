use selvedge::prelude::*;

#[edge_handler(path = "users")]
async fn no_slash() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = "/users/:id")]
async fn old_form(Path(_id): Path<String>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = "/users/{id}.json")]
async fn part_of_a_segment(Path(_id): Path<String>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = "/users/{id")]
async fn not_closed(Path(_id): Path<String>) -> StatusCode {
    StatusCode::OK
}

fn main() {}
