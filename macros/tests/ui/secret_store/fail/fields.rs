use selvedge::prelude::*;

#[secret_store("secrets")]
struct Secrets {
    api_token: String,
}

#[secret_store("secrets")]
struct WithDefault {
    #[config(default = "x")]
    api_token: Secret,
}

fn main() {}
