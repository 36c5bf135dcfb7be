#[edge_handler(
    path = "/users/{id}",
    needs(Catalog, Flags),
    chain_auth(config = "config", secrets = "secrets"),
    crate = ::renamed
)]
fn storefront(
    #[kv_store("users")] users: KvStore<Json<User>>,
    #[config_store("config")] config: ConfigStore,
    #[secret_store("secrets")] secrets: SecretStore,
    #[backend("catalog", chain_auth(config = "config", secrets = "secrets"))] catalog: Backend,
    State(app): State<App>,
    Path(id): Path<String>,
    body: Bytes,
) -> impl IntoResponse {
}
