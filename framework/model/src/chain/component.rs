//! Strongly connected components: groups of services that all reach each other.
//!
//! Two passes over the graph after Kosaraju, without recursion, so that a long chain of services
//! cannot exhaust the stack.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::ServiceName;

/// Who calls whom.
type Calls = BTreeMap<ServiceName, BTreeSet<ServiceName>>;
/// The same by reference, also turned round.
type Arrows<'g> = BTreeMap<&'g ServiceName, Vec<&'g ServiceName>>;

/// The groups, callees before callers, each sorted by name.
pub(super) fn all(calls: &Calls) -> Vec<Vec<&ServiceName>> {
    let forward: Arrows<'_> = calls.iter().map(|(from, to)| (from, to.iter().collect())).collect();
    let backward = turned_round(calls);
    let mut seen = BTreeSet::new();
    let mut finished = Vec::new();
    for name in calls.keys() {
        finish(name, &forward, &mut seen, &mut finished);
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for name in finished.into_iter().rev() {
        let mut group = Vec::new();
        finish(name, &backward, &mut seen, &mut group);
        group.sort();
        groups.push(group);
    }
    groups.retain(|group| !group.is_empty());
    groups.reverse();
    groups
}

fn turned_round(calls: &Calls) -> Arrows<'_> {
    let mut arrows = Arrows::new();
    for (from, to) in calls.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to))) {
        arrows.entry(to).or_default().push(from);
    }
    arrows
}

/// Adds all unseen services that can be reached from one, each after those that it reaches.
fn finish<'g>(
    start: &'g ServiceName,
    arrows: &Arrows<'g>,
    seen: &mut BTreeSet<&'g ServiceName>,
    finished: &mut Vec<&'g ServiceName>,
) {
    let next = |name| arrows.get(name).map(Vec::as_slice).unwrap_or_default().iter();
    if !seen.insert(start) {
        return;
    }
    let mut stack = vec![(start, next(start))];
    while let Some((name, ahead)) = stack.last_mut() {
        match ahead.next() {
            Some(reached) if seen.insert(reached) => stack.push((reached, next(reached))),
            Some(_) => {}
            None => {
                finished.push(name);
                stack.pop();
            }
        }
    }
}

/// The path of groups, in calling order, that holds the most services. Of equally long ones, that of
/// the first caller by name wins.
pub(super) fn heaviest_path<'g>(
    groups: &[Vec<&'g ServiceName>],
    calls: &Calls,
) -> Vec<Vec<&'g ServiceName>> {
    let group_of = index(groups);
    // For each group: the services on the heaviest path that starts there, and the group after it.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(groups.len());
    for (number, group) in groups.iter().enumerate() {
        let callees = group.iter().filter_map(|name| calls.get(*name)).flatten();
        let after = callees.filter_map(|name| group_of.get(name).copied());
        let after = heaviest(after.filter(|next| *next != number), &best);
        let weight = after.and_then(|next| best.get(next)).map_or(0, |(weight, _)| *weight);
        best.push((weight + group.len(), after));
    }
    let start = heaviest(by_name(groups), &best);
    let path = std::iter::successors(start, |number| best.get(*number).and_then(|(_, next)| *next));
    path.filter_map(|number| groups.get(number).cloned()).collect()
}

fn index<'g>(groups: &[Vec<&'g ServiceName>]) -> BTreeMap<&'g ServiceName, usize> {
    let numbered = groups.iter().enumerate();
    numbered.flat_map(|(number, group)| group.iter().map(move |name| (*name, number))).collect()
}

/// The groups' numbers in the order of their first names.
fn by_name(groups: &[Vec<&ServiceName>]) -> impl Iterator<Item = usize> {
    let mut numbers: Vec<usize> = (0..groups.len()).collect();
    numbers.sort_by_key(|number| groups.get(*number));
    numbers.into_iter()
}

/// The first of the heaviest.
fn heaviest(
    numbers: impl Iterator<Item = usize>,
    best: &[(usize, Option<usize>)],
) -> Option<usize> {
    let weight = |number: &usize| best.get(*number).map_or(0, |(weight, _)| *weight);
    numbers.min_by_key(|number| std::cmp::Reverse(weight(number)))
}
