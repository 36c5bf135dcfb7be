#[kv_store("users", key = UserId, value = Json<User>)]
pub struct Users;

#[config_store("config")]
struct Flags {
    greeting: String,
    #[config(default = 20)]
    page_size: u32,
}

#[secret_store("secrets", crate = renamed)]
struct Secrets {
    token: Secret,
}

#[backend("catalog", chain_auth(config = "config", secrets = "secrets"))]
pub(crate) struct Catalog;
