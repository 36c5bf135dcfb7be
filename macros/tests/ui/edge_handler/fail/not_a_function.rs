use selvedge::prelude::*;

#[edge_handler]
pub struct Storefront;

fn main() {
    let _ = Storefront;
}
