#![deny(deprecated)]

use selvedge::prelude::*;

#[kv_store("users")]
struct Users;

fn main() {}
