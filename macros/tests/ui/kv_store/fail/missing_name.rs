use selvedge::prelude::*;

#[kv_store]
struct Bare;

#[kv_store()]
struct Empty;

#[kv_store(value = Text)]
struct OnlyValue;

fn main() {}
