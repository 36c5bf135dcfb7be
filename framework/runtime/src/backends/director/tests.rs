use std::collections::BTreeMap;

use selvedge_model::manifest::{Choice, Director, Member};
use selvedge_model::name::BackendName;

use super::{Chance, choose};

fn director(choice: Choice, members: &[(&str, u32)]) -> Director {
    let member = |(name, weight): &(&str, u32)| Member {
        backend: BackendName::new(*name).unwrap(),
        weight: *weight,
    };
    let name = BackendName::new("pool").unwrap();
    Director { name, choice, members: members.iter().map(member).collect() }
}

fn chance(number: u64, url: &str) -> Chance<'_> {
    Chance { random: number, url: ("site.localhost", url), client: url }
}

/// How often each is chosen for so many urls.
fn counted(director: &Director, bad: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for number in 0..10_000 {
        let url = format!("/{number}");
        let chosen =
            choose(director, &chance(number, &url), |member| member.backend.as_str() != bad);
        *counts.entry(chosen.unwrap().backend.to_string()).or_default() += 1;
    }
    counts
}

#[test]
fn fallback_is_the_first_that_works() {
    let pool = director(Choice::Fallback, &[("a", 1), ("b", 1)]);
    let chosen = |bad: &str| {
        let chance = chance(7, "/");
        choose(&pool, &chance, |member| !bad.contains(member.backend.as_str()))
            .map(|member| member.backend.to_string())
    };
    assert_eq!(chosen(""), Some("a".to_owned()));
    assert_eq!(chosen("a"), Some("b".to_owned()));
    assert_eq!(chosen("ab"), None);
}

#[test]
fn shares_are_as_the_weights() {
    for choice in [Choice::Random, Choice::HashUrl, Choice::HashClient] {
        let counts = counted(&director(choice, &[("a", 3), ("b", 1)]), "none");
        assert!((7300..=7700).contains(&counts["a"]), "{choice:?}: {counts:?}");
        let counts = counted(&director(choice, &[("a", 3), ("b", 1)]), "a");
        assert_eq!(counts["b"], 10_000, "{choice:?}");
    }
}

#[test]
fn a_hash_moves_only_what_the_failed_one_had() {
    let pool = director(Choice::HashUrl, &[("a", 1), ("b", 1), ("c", 1)]);
    for number in 0..1000 {
        let url = format!("/{number}");
        let chosen = |bad: &str| {
            choose(&pool, &chance(number, &url), |member| member.backend.as_str() != bad).unwrap()
        };
        let (all, without) = (chosen("none"), chosen("c"));
        assert!(all == without || all.backend.as_str() == "c", "{url}");
    }
}
