//! What an argument of a handler may be beyond an extractor, and plain functions.

use selvedge::prelude::*;

#[derive(Clone)]
struct App {
    motto: &'static str,
    limit: Limit,
}

#[derive(Clone)]
struct Limit(u32);

impl axum::extract::FromRef<App> for Limit {
    fn from_ref(app: &App) -> Self {
        app.limit.clone()
    }
}

#[edge_handler(path = "/users/{id}")]
async fn handles(
    #[kv_store("users")] users: KvStore<Text>,
    #[config_store("config")] config: ConfigStore,
    #[secret_store("secrets")] secrets: SecretStore,
    Path(id): Path<String>,
    #[backend("catalog", chain_auth(config = "config", secrets = "secrets"))] catalog: Backend,
) -> Result<Response> {
    let _ = (users.get(&id).await?, config.get("greeting")?, secrets.get("token")?);
    catalog.get("/").await
}

#[edge_handler]
fn plain(#[kv_store("users")] users: KvStore, place: Place) -> Result<String> {
    Ok(selvedge::wait(users.get(&place.pop))?.map(|_| place.pop).unwrap_or_default())
}

#[edge_handler]
fn plain_without_arguments() -> &'static str {
    "well"
}

#[edge_handler]
async fn with_state(State(app): State<App>, request: Request) -> String {
    format!("{} {}", app.motto, request.uri())
}

#[edge_handler(state = App)]
fn with_parts(State(Limit(limit)): State<Limit>, State(app): State<App>) -> String {
    format!("{} {limit}", app.motto)
}

#[edge_handler(router)]
fn routes() -> Router<App> {
    Router::new().route("/", get(async |State(app): State<App>| app.motto))
}

fn main() {
    let app = App { motto: "woven", limit: Limit(3) };
    assert_eq!(handles::service().needs().len(), 4);
    assert_eq!(plain::service().needs().len(), 1);
    assert!(plain_without_arguments::service().needs().is_empty());
    let services: [selvedge::Service; 3] = [
        with_state::service().with_state(app.clone()),
        with_parts::service().with_state(app.clone()),
        routes::service().with_state(app),
    ];
    assert_eq!(services.map(|service| service.name()), ["with_state", "with_parts", "routes"]);
}
