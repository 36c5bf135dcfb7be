//! A node with the services of this project.

selvedge::main!({{crate_name}}::hello);
