use selvedge::prelude::*;

const LINK: &str = "users";

#[kv_store(LINK)]
struct Constant;

#[kv_store(5)]
struct Number;

#[kv_store(b"users")]
struct Bytestring;

#[kv_store("users", "more")]
struct Two;

fn main() {
    let _ = LINK;
}
