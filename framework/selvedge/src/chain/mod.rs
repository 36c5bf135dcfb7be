//! Chain tokens: how a service knows that a request comes from the service before it.
//!
//! The sender puts one `Edge-Auth` header on every attempt; the receiver refuses a request without a valid one. A token
//! has one of three forms ([`ChainMode`](crate::model::manifest::ChainMode)): for one request once ([`one_time`]), for
//! any request for two seconds ([`signed`], platform.md section 10.4), or the secret itself. Making and checking them are
//! pure functions of secret, time, nonce and request; only [`Nonces`] remembers anything.

pub mod auth;
mod inbound;
mod nonces;
pub mod one_time;
mod sign;
pub mod signed;
pub mod token;
mod verify;

#[cfg(test)]
mod tests;

pub use auth::{ChainAuth, ChainGuard};
pub use inbound::InboundToken;
pub use nonces::{Memory, Nonces};
pub use one_time::{Nonce, Purpose};
pub use sign::{SECRET_ID_KEY, Signer, current_secret};
pub use token::{EDGE_AUTH, TOKEN_MAX, Token};
pub use verify::{Secrets, Terms, Verified, admit, verify};
