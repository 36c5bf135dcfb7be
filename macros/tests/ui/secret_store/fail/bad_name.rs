use selvedge::prelude::*;

#[secret_store("sec/rets")]
struct Slash;

fn main() {}
