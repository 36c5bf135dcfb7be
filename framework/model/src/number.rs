//! Whole numbers in paths, queries, headers and flags: digits, and as few as it takes. And how many there are of something, in
//! a sentence.
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

/// So many of something, as a sentence has it: `1 store`, `2 stores`. `one` is the word for one, and has an `s` for more.
#[must_use]
pub fn counted(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

#[cfg(test)]
mod tests;
