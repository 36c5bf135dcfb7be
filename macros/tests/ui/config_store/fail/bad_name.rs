use selvedge::prelude::*;

#[config_store("my-config")]
struct Dash;

#[config_store("1config")]
struct Digit;

#[config_store("")]
struct Empty;

fn main() {}
