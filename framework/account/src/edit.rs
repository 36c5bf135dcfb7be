//! Every change of an account, one file per kind of record.

mod config;
mod links;
mod secrets;
mod services;
mod stores;
mod versions;

pub use config::{ConfigChange, ConfigOp};
pub use secrets::SecretMode;
