//! The shop's node.

selvedge::main!(shop::storefront);
