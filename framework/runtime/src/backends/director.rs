//! Which of several backends a request is sent to: a pure choice among those that work.

use std::hash::{DefaultHasher, Hash, Hasher};

use selvedge_model::manifest::{Choice, Director, Member};

/// What a choice may rest on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance<'a> {
    /// A number that is another one for each request.
    pub(super) random: u64,
    /// Host, path and query.
    pub(super) url: (&'a str, &'a str),
    /// The client's address, as text.
    pub(super) client: &'a str,
}

/// The member that is sent to; `None` where none works.
pub(super) fn choose<'d>(
    director: &'d Director,
    chance: &Chance<'_>,
    is_good: impl Fn(&Member) -> bool,
) -> Option<&'d Member> {
    let mut good = director.members.iter().filter(|member| is_good(member));
    match director.choice {
        Choice::Fallback => good.next(),
        Choice::Random => by_weight(&good.collect::<Vec<_>>(), chance.random),
        Choice::HashUrl => nearest(good, &chance.url),
        Choice::HashClient => nearest(good, &chance.client),
    }
}

fn by_weight<'d>(members: &[&'d Member], random: u64) -> Option<&'d Member> {
    let total: u64 = members.iter().map(|member| u64::from(member.weight)).sum();
    let mut left = random.checked_rem(total)?;
    for member in members {
        match left.checked_sub(u64::from(member.weight)) {
            Some(rest) => left = rest,
            None => return Some(member),
        }
    }
    None
}

/// The member with the highest score for a thing, its weight considered: what another member's failure changes is only
/// what that one had.
fn nearest<'d>(members: impl Iterator<Item = &'d Member>, thing: &impl Hash) -> Option<&'d Member> {
    members.max_by(|one, other| score(one, thing).total_cmp(&score(other, thing)))
}

fn score(member: &Member, thing: &impl Hash) -> f64 {
    let mut hasher = DefaultHasher::new();
    (member.backend.as_str(), thing).hash(&mut hasher);
    // A number between 0 and 1, of the 53 bits that it can have, and never either of them.
    let unit = ((hasher.finish() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    -f64::from(member.weight) / unit.ln()
}

#[cfg(test)]
mod tests;
