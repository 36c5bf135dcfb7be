//! Nonces of one-time tokens: random bytes of the operating system.
//!
//! Each thread takes them in portions, since asking the system takes as long as signing does. No byte is given twice.

use std::cell::RefCell;

use selvedge::{Error, Refusal, Result, chain::Nonce};

/// So many nonces are taken at once.
const PORTION: usize = 64;

thread_local! {
    static TAKEN: RefCell<Vec<Nonce>> = const { RefCell::new(Vec::new()) };
}

/// A nonce that there has not been.
///
/// # Errors
/// [`Refusal::StoreFailed`] where the system has no random bytes.
pub(super) fn next() -> Result<Nonce> {
    TAKEN.with_borrow_mut(|taken| {
        if taken.is_empty() {
            taken.extend(portion()?);
        }
        taken.pop().ok_or_else(|| Error::new(Refusal::StoreFailed, "no nonce for a chain token"))
    })
}

fn portion() -> Result<[Nonce; PORTION]> {
    let mut bytes = [[0; 16]; PORTION];
    match getrandom::fill(bytes.as_flattened_mut()) {
        Ok(()) => Ok(bytes.map(Nonce)),
        Err(cause) => {
            let cause = std::io::Error::other(cause.to_string());
            let detail = "no random bytes for a chain token";
            Err(Error::new(Refusal::StoreFailed, detail).because(cause))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{PORTION, next};

    #[test]
    fn none_comes_twice() {
        let mut seen = HashSet::new();
        for _ in 0..3 * PORTION {
            assert!(seen.insert(next().unwrap()));
        }
    }
}
