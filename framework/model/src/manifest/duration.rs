//! Durations as the manifest writes them: a whole number and a unit, such as `5m` or `250ms`.

use std::time::Duration;

/// What a duration looks like, for messages.
pub const SHAPE: &str = "a whole number and a unit: `250ms`, `30s`, `5m`, `1h`, `2d`";

/// Reads a duration; `None` when the text is not of this [`SHAPE`] or too large to count.
pub fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let milliseconds = number.checked_mul(unit_ms(unit)?)?;
    Some(Duration::from_millis(milliseconds))
}

fn unit_ms(unit: &str) -> Option<u64> {
    match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60 * 1000),
        "h" => Some(60 * 60 * 1000),
        "d" => Some(24 * 60 * 60 * 1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
