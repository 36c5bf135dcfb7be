use selvedge::prelude::*;

#[backend("catalog")]
struct Fields {
    timeout: u32,
}

#[backend("catalog")]
enum Enum {}

fn main() {}
