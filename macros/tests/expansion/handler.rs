#[edge_handler(path = "/users/{id}")]
pub async fn storefront(users: Users, Path(id): Path<String>, request: Request) -> Result<Response> {
    body_is_not_read
}
