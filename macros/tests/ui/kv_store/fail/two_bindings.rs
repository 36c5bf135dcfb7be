use selvedge::prelude::*;

#[kv_store("users")]
#[config_store("config")]
struct Both;

fn main() {}
