use selvedge::prelude::*;

#[kv_store("users", crate = missing)]
struct Users;

#[config_store("config", crate = absent)]
struct Flags {
    greeting: String,
    limit: u32,
}

#[backend("catalog", crate = nowhere)]
struct Catalog;

fn main() {}
