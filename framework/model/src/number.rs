//! Whole numbers in paths, queries and headers: digits, and as few as it takes.
//!
//! Not the numbers of manifests, which TOML reads, nor those of HTTP's own fields, whose rules their RFCs have.

/// The number that a text is; `None` for a sign, a zero in front of other digits, a space, and for what `T` does not hold.
///
/// Of two texts only one is a given number, so that a version, a generation or a limit has one spelling.
///
/// ```
/// use selvedge_model::number::whole;
///
/// assert_eq!(whole::<u32>("10"), Some(10));
/// assert_eq!(whole::<u32>("+10"), None);
/// assert_eq!(whole::<u32>("010"), None);
/// ```
#[must_use]
pub fn whole<T: TryFrom<u64>>(text: &str) -> Option<T> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = !text.starts_with('0') || text == "0";
    let number: u64 = text.parse().ok().filter(|_| digits && is_short)?;
    T::try_from(number).ok()
}

#[cfg(test)]
mod tests;
