use selvedge::prelude::*;

#[edge_handler(chain_auth(config = "config"))]
async fn lacks_secrets() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(chain_auth)]
async fn lacks_both() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(chain_auth(config = "my-config", secrets = "sec ret"))]
async fn bad_names() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(chain_auth(confg = "config", secrets = "secrets"))]
async fn misspelt() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(chain_auth(config = "config", secrets = "secrets", mode = "signed"))]
async fn with_mode() -> StatusCode {
    StatusCode::OK
}

fn main() {}
