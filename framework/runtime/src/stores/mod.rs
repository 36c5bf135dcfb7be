//! What stands behind links: KV engines, the sources of declared secrets, and the folder that all state lives in.
//!
//! Which service sees which store under which link name is settled before a call gets here. Nothing here reads a clock:
//! whoever calls says what time it is.

pub(crate) mod damage;
pub(crate) mod hex;
pub(crate) mod overlay;
pub(crate) mod private;

pub mod kv;
pub mod secret;
pub mod source;
pub mod state_dir;

#[cfg(test)]
pub(crate) mod sim;
