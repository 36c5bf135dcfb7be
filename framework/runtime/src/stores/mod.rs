//! What stands behind links: KV engines, config and secret stores, and the folder they live in.
//!
//! Everything here is named by resource (its id or its name), never by link: which service sees which
//! resource under which link name is settled before a call gets here. Nothing here reads a clock:
//! whoever calls says what time it is.

mod hex;
mod private;

pub mod config;
pub mod kv;
pub mod named;
pub mod secret;
pub mod source;
pub mod state_dir;
