use selvedge::prelude::*;

#[config_store("config", value = Text)]
struct Valued;

#[config_store("config")]
struct Tuple(String);

fn main() {}
