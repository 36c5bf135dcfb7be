//! Collapsing and bodies that come in, where the choice is ours: who leaves, who is late, who may not wait, and what a
//! body does that is too large to be stored.

mod ancestors;
mod lanes;
mod leaving;
mod outgrown;
mod purged;
mod waiting;
