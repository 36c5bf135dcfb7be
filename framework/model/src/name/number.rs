//! Hosts that are numbers. Whoever resolves names reads `127.1`, `2130706433` and `0x7f000001` as 127.0.0.1, as `inet_aton`
//! does and the WHATWG URL standard says; what compares hosts sees three other names.

use std::net::Ipv4Addr;

/// Whether a host is read as an address: its last part is a number, decimal, octal or hexadecimal.
pub(super) fn ends_in_one(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal || hexadecimal(last).is_some_and(|it| it.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The address that is meant: up to four numbers, the last of which fills what the others leave.
pub(super) fn address(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = host.split('.').collect();
    let (last, before) = parts.split_last().filter(|(_, before)| before.len() < 4)?;
    let mut bits: u64 = 0;
    for part in before {
        bits = bits << 8 | number(part).filter(|number| *number < 256)?;
    }
    let room = 8 * (4 - before.len());
    let rest = number(last).filter(|number| *number < 1 << room)?;
    u32::try_from(bits << room | rest).ok().map(Ipv4Addr::from)
}

fn number(text: &str) -> Option<u64> {
    let (digits, base) = match (hexadecimal(text), text.strip_prefix('0')) {
        (Some(""), _) | (None, Some("")) => return Some(0),
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) => (digits, 8),
        (None, None) => (text, 10),
    };
    // A sign is no digit.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(digits, base).ok().filter(|_| is_number)
}

fn hexadecimal(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}
