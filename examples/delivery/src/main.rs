//! The site's node.

selvedge::main!(delivery::pages);
