//! Every change of an account, one file per kind of record.

mod acls;
mod config;
mod links;
mod secrets;
mod services;
mod stores;
mod versions;

pub use acls::{AclChange, AclOp};
pub use config::{ConfigChange, ConfigOp};
pub use secrets::SecretMode;
