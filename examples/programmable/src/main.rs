//! The newspaper's node.

selvedge::main!(programmable::site, programmable::press::press);
