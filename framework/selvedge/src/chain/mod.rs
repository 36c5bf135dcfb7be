//! Chain tokens: how a service knows that a request comes from the service before it.
//!
//! The sender puts one `Edge-Auth` header on every attempt, signed with a secret that both share;
//! the receiver refuses a request without a valid one (platform.md section 10.4). Signing and
//! checking are pure functions of secret, time and token. They are not replay protection: a
//! token that leaks is good for two seconds.

pub mod auth;
mod sign;
pub mod token;
mod verify;

#[cfg(test)]
mod tests;

pub use auth::{ChainAuth, ChainGuard};
pub use sign::{SECRET_ID_KEY, current_secret, sign};
pub use token::{EDGE_AUTH, TOKEN_MAX, Token};
pub use verify::{Verified, admit, verify};
