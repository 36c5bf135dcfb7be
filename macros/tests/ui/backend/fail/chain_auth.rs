use selvedge::prelude::*;

#[backend("catalog", chain_auth(config = "my-config", secrets = "secrets"))]
struct Dash;

#[backend("catalog", chain_auth(secrets = "secrets"))]
struct NoConfig;

#[backend("catalog", chain_auth = "secrets")]
struct NoList;

#[backend("catalog", chain_auht(config = "config", secrets = "secrets"))]
struct Misspelt;

fn main() {}
