#[edge_handler]
fn storefront(#[kv_store("users")] users: KvStore<Text>, State(app): State<App>) -> Result<String> {
    body_is_not_read
}
