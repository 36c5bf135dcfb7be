use selvedge::prelude::*;

#[kv_store("users", valeu = Text)]
struct Misspelt;

#[kv_store("users", value = Text, value = Raw)]
struct Twice;

#[kv_store("users", key = )]
struct Keyed;

#[kv_store("users", value)]
struct NoType;

#[kv_store("users", value = )]
struct Nothing;

fn main() {}
