//! A node with all of these services; for wasm, a program for Fastly Compute with one of them.

selvedge::main!(portable::site, portable::stock::stock, portable::trouble::trouble);
