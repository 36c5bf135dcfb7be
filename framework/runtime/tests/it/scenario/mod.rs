//! The scenarios of platform.md sections 6.3 to 6.8, each with its clock positions; README.md says which row is which
//! test.

mod s6_3_states;
mod s6_4_flow;
