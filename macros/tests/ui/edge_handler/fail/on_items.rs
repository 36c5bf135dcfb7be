use selvedge::prelude::*;

#[edge_handler]
enum Enum {
    One,
}

#[edge_handler]
struct Tuple(u8);

#[edge_handler]
mod module {}

// The items survive.
fn main() {
    let _ = (Enum::One, Tuple(1).0);
}
