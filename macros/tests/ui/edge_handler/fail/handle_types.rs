use selvedge::prelude::*;

#[edge_handler]
async fn kinds(
    #[kv_store("users")] _config: ConfigStore,
    #[config_store("config")] _kv: KvStore,
    #[backend("catalog")] _text: String,
) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
fn unbound(_users: KvStore, _request: Request) -> StatusCode {
    StatusCode::OK
}

fn main() {}
