use selvedge::prelude::*;

struct User;

#[kv_store("users", value = User)]
struct Users;

fn main() {}
