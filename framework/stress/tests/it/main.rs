//! What a run of these programs shows, in short.

mod crash;
