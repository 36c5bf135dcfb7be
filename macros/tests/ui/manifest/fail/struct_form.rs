use selvedge::prelude::*;

#[kv_store("user")]
struct NearMiss;

#[kv_store("sessions")]
struct Unknown;

#[kv_store("config")]
struct WrongKind;

#[secret_store("users")]
struct WrongKindToo {
    token: Secret,
}

#[backend("catalogue")]
struct UnknownBackend;

#[backend("catalog", chain_auth(config = "confg", secrets = "users"))]
struct BadStores;

#[edge_handler]
async fn storefront(_one: NearMiss, _two: UnknownBackend) -> StatusCode {
    StatusCode::OK
}

fn main() {
    let _ = storefront::service();
}
