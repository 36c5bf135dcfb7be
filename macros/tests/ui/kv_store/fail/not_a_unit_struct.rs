use selvedge::prelude::*;

#[kv_store("users")]
enum Enum {
    One,
}

#[kv_store("users")]
union Union {
    one: u8,
}

#[kv_store("users")]
struct Tuple(u8);

#[kv_store("users")]
struct Generic<const N: usize>;

#[kv_store("users")]
struct Fields {
    name: String,
}

#[kv_store("users")]
fn function() {}

#[kv_store("users")]
mod module {}

fn main() {
    let _ = Enum::One;
    function();
}
