//! What the clients ask for: `/SIZE/NUMBER`, a body of so many bytes, one of so many objects.

use std::fmt;

use fastrand::Rng;

/// One object at the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// How long its body is, in bytes.
    pub size: usize,
    /// Which one it is.
    pub number: u64,
}

impl Target {
    /// Reads a request's path.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (size, number) = path.strip_prefix('/')?.split_once('/')?;
        Some(Self { size: size.parse().ok()?, number: number.parse().ok()? })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.size, self.number)
    }
}

/// An order of requests.
#[derive(Clone, Debug)]
pub enum Targets {
    /// Each of these once: they are cached afterwards.
    Each {
        /// The next one.
        next: Target,
        /// Where it ends.
        end: u64,
    },
    /// Any of the first `among`, one as likely as the other.
    Any {
        /// How long each body is.
        size: usize,
        /// How many there are.
        among: u64,
        /// The dice.
        random: Rng,
    },
    /// The same, but every tenth request, by chance, is for an object that nobody has asked for.
    Mixed {
        /// How long each body is.
        size: usize,
        /// How many are cached.
        among: u64,
        /// The next one that is not.
        fresh: u64,
        /// The dice.
        random: Rng,
    },
}

impl Targets {
    /// The objects from 0 up to `count`, once each.
    #[must_use]
    pub fn each(size: usize, count: u64) -> Self {
        Self::Each { next: Target { size, number: 0 }, end: count }
    }

    /// Any of the first `among`.
    #[must_use]
    pub fn any(size: usize, among: u64) -> Self {
        Self::Any { size, among, random: Rng::with_seed(1) }
    }

    /// Nine of ten among the first `among`, the tenth new.
    #[must_use]
    pub fn mixed(size: usize, among: u64) -> Self {
        Self::Mixed { size, among, fresh: among, random: Rng::with_seed(1) }
    }
}

impl Iterator for Targets {
    type Item = Target;

    fn next(&mut self) -> Option<Target> {
        match self {
            Self::Each { next, end } => {
                let target = *next;
                next.number += 1;
                (target.number < *end).then_some(target)
            }
            Self::Any { size, among, random } => {
                Some(Target { size: *size, number: random.u64(0..*among) })
            }
            Self::Mixed { size, among, fresh, random } => {
                let is_new = random.u8(0..10) == 0;
                let number = if is_new { *fresh } else { random.u64(0..*among) };
                *fresh += u64::from(is_new);
                Some(Target { size: *size, number })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, Targets};

    #[test]
    fn a_target_is_read_as_it_is_written() {
        let target = Target { size: 1024, number: 7 };
        assert_eq!(Target::parse(&target.to_string()), Some(target));
        assert_eq!(Target::parse("/1024"), None);
    }

    #[test]
    fn each_ends_and_mixed_asks_for_every_new_object_once() {
        assert_eq!(Targets::each(1, 3).map(|it| it.number).collect::<Vec<_>>(), [0, 1, 2]);
        let numbers = Targets::mixed(1, 100).take(10_000).map(|it| it.number);
        let new: Vec<u64> = numbers.filter(|number| *number >= 100).collect();
        assert!((900..1100).contains(&new.len()), "{}", new.len());
        assert!(new.windows(2).all(|two| two[0] + 1 == two[1]));
    }
}
