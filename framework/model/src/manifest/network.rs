//! [`Network`]: a block of client addresses, such as `10.0.0.0/8` (RFC 4632 section 3.1, RFC 4291 section 2.3).

use std::fmt;
use std::net::IpAddr;

/// A block of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Checks a block: an address and the length of its prefix, or an address alone.
    ///
    /// # Errors
    ///
    /// What is wrong, as the rest of a sentence that starts with the block.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr =
            address.parse().map_err(|_| "is no address and no block such as `10.0.0.0/8`")?;
        if address != address.to_canonical() {
            return Err(format!("is the IPv4 address `{}` in disguise", address.to_canonical()));
        }
        let prefix = prefix.map_or(Some(width(address)), |prefix| length(prefix, address));
        let prefix = prefix.ok_or_else(|| format!("has no prefix from 0 to {}", width(address)))?;
        match bits_after(address, prefix) {
            0 => Ok(Self { address, prefix }),
            _ => Err(format!("has an address with bits after its first {prefix}")),
        }
    }

    /// How many of the first bits all its addresses share.
    #[must_use]
    pub fn prefix_len(&self) -> u32 {
        self.prefix
    }

    /// Whether an address lies in it. An IPv4 address that is written as an IPv6 one counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let differing = bits(address) ^ bits(self.address);
        width(address) == width(self.address) && shared(differing, width(address), self.prefix)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// A prefix length in plain digits that the family has room for.
fn length(text: &str, address: IpAddr) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|prefix| plain && *prefix <= width(address))
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn bits_after(address: IpAddr, prefix: u32) -> u128 {
    let mask = u128::MAX.checked_shr(128 - width(address) + prefix).unwrap_or(0);
    bits(address) & mask
}

/// Whether none of the first `prefix` bits differs.
fn shared(differing: u128, width: u32, prefix: u32) -> bool {
    differing.checked_shr(width - prefix).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests;
