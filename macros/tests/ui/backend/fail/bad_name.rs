use selvedge::prelude::*;

#[backend]
struct Nameless;

#[backend("")]
struct Empty;

#[backend("cätalog")]
struct NotAscii;

#[backend(catalog)]
struct NoLiteral;

fn main() {}
