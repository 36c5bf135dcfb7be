#[edge_handler(
    path = "/users/{id}/orders/{order}",
    needs(Catalog, Flags),
    chain_auth(config = "config", secrets = "secrets")
)]
pub async fn a_handler_with_twelve_arguments(
    #[kv_store("users")] users: KvStore<Json<User>, Typed<UserId>>,
    #[kv_store("orders")] orders: KvStore<Json<Order>, Typed<OrderId>>,
    #[config_store("config")] config: ConfigStore,
    #[secret_store("secrets")] secrets: SecretStore,
    #[acl("friends")] friends: Acl,
    #[backend("catalog", chain_auth(config = "config", secrets = "secrets"))] catalog: Backend,
    #[backend("payments")] payments: Backend,
    State(app): State<Application>,
    Path((id, order)): Path<(UserId, OrderId)>,
    Query(filter): Query<HashMap<String, Vec<String>>>,
    place: Place,
    Json(body): Json<BTreeMap<String, serde_json::Value>>,
) -> Result<(StatusCode, Json<Vec<Order>>), Error> {
}
