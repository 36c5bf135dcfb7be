//! The scenarios of platform.md sections 6.3 to 6.8, each with its clock positions; README.md says which row is which
//! test.

mod s6_3_states;
mod s6_4_flow;
mod s6_4_storing;
mod s6_5_candidate;
mod s6_6_delivery;
mod s6_7_vary;
mod s6_8_collapsing;
