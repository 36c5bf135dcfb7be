//! [`Domain`]: the host that selects a service, in lower case and without a port.
//!
//! DNS names (RFC 1035 lengths, `_` tolerated because it is in use), `localhost` and IP literals.
//! IPv6 literals stand in brackets, as in a Host header (RFC 3986 section 3.2.2). An IPv4 address has one spelling: four
//! decimal numbers. Parts of a name begin and end with what is no dash (RFC 952, RFC 1123 section 2.1).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Borrow, NameError, NameFault, limits, name, number};

/// What domains and other hosts look like, in words.
const SAYS: &str = "a host name or IP address without a port: parts of 1 to 63 letters, digits, \
                    `-` and `_`, joined by dots";

name! {
    /// A host name in lower case without port; IP literals and `localhost` are allowed.
    Domain
}

impl Domain {
    /// Checks a host and brings it to lower case.
    ///
    /// # Errors
    ///
    /// The rule that the text breaks, and where.
    pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
        checked("a domain", &text.into()).map(|name| Self(name.into()))
    }

    /// Whether it is an IP address rather than a name.
    pub fn is_ip(&self) -> bool {
        self.0.starts_with('[') || self.0.parse::<Ipv4Addr>().is_ok()
    }
}

impl std::str::FromStr for Domain {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

/// A host in the form in which hosts are compared: lower case, IPv6 literals short and in brackets.
pub(crate) fn check_host(text: &str) -> Result<String, NameError> {
    checked("a host", text)
}

fn checked(noun: &'static str, text: &str) -> Result<String, NameError> {
    if let Some(address) = ipv6(text) {
        return Ok(format!("[{address}]"));
    }
    match fault(text) {
        Some(fault) => Err(NameError::new(noun, SAYS, text, fault)),
        None => Ok(text.to_ascii_lowercase()),
    }
}

/// An IPv6 literal, with or without its brackets.
fn ipv6(text: &str) -> Option<Ipv6Addr> {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(text).parse().ok()
}

fn fault(text: &str) -> Option<NameFault> {
    if text.is_empty() {
        return Some(NameFault::Empty);
    }
    let bad = text.chars().zip(1..).find(|(c, _)| !allowed(*c));
    if let Some((found, position)) = bad {
        return Some(NameFault::BadChar { position, found });
    }
    // From here on the text is ASCII, so bytes are characters.
    if text.len() > limits::DOMAIN_MAX {
        return Some(NameFault::TooLong { length: text.len(), max: limits::DOMAIN_MAX });
    }
    bad_label(text).or_else(|| bad_address(text))
}

/// A number that is no address as it is written.
fn bad_address(text: &str) -> Option<NameFault> {
    let is_bad = number::ends_in_one(text) && text.parse::<Ipv4Addr>().is_err();
    is_bad.then(|| NameFault::BadAddress { meant: number::address(text) })
}

/// The first part that is empty, too long, or has a dash at an end.
fn bad_label(text: &str) -> Option<NameFault> {
    let mut position = 1;
    for label in text.split('.') {
        if label.is_empty() || label.len() > limits::DOMAIN_LABEL_MAX {
            return Some(NameFault::BadLabel { position, length: label.len() });
        }
        if label.starts_with('-') {
            return Some(NameFault::Dash { position });
        }
        position += label.len() + 1;
        if label.ends_with('-') {
            return Some(NameFault::Dash { position: position - 2 });
        }
    }
    None
}

fn allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}
