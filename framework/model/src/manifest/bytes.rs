//! Numbers of bytes as the manifest writes them: a whole number and a binary unit, such as `256MiB`.
//!
//! Decimal units are not read: whoever writes `MB` may mean either.

/// What a number of bytes looks like, for messages.
pub const SHAPE: &str = "a whole number and a unit: `512KiB`, `256MiB`, `2GiB`";

/// Reads a number of bytes; `None` when the text is not of this [`SHAPE`] or too large to count.
pub fn parse(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    number.checked_mul(unit_bytes(unit)?)
}

fn unit_bytes(unit: &str) -> Option<u64> {
    match unit {
        "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
