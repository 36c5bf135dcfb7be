//! What an origin answers to what: replies for a target, one after another.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::{Arrived, Reply};

/// Where a reply comes from.
#[derive(Clone)]
pub(super) enum Source {
    /// It is always the same.
    Fixed(Reply),
    /// It depends on the request.
    Made(Arc<dyn Fn(&Arrived) -> Reply + Send + Sync>),
}

/// Replies for one target.
#[derive(Default)]
pub(super) struct Replies {
    queue: VecDeque<Source>,
    /// How often the one that is left was given.
    repeats: usize,
}

impl Replies {
    /// Adds one. Where the last one was given already, it takes its place.
    pub(super) fn add(&mut self, source: Source) {
        if self.queue.len() == 1 && self.repeats > 0 {
            self.queue.clear();
        }
        self.repeats = 0;
        self.queue.push_back(source);
    }

    /// The next one; the last one stays.
    fn next(&mut self) -> Option<Source> {
        if self.queue.len() > 1 {
            return self.queue.pop_front();
        }
        self.repeats += 1;
        self.queue.front().cloned()
    }
}

/// All that an origin answers.
#[derive(Default)]
pub(super) struct Script {
    targets: BTreeMap<String, Replies>,
}

/// The name of what no target is for.
const ANYTHING: &str = "anything else";

impl Script {
    /// The replies of a target; `None` is anything that no target is for.
    pub(super) fn replies(&mut self, target: Option<&str>) -> &mut Replies {
        self.targets.entry(target.unwrap_or(ANYTHING).to_owned()).or_default()
    }

    /// The reply to a request: of the target that says most.
    pub(super) fn next(&mut self, arrived: &Arrived) -> Option<Source> {
        let (method, target, path) = (&arrived.method, &arrived.target, arrived.path());
        let names = [
            format!("{method} {target}"),
            target.clone(),
            format!("{method} {path}"),
            path.to_owned(),
            ANYTHING.to_owned(),
        ];
        names.iter().find_map(|name| self.targets.get_mut(name)?.next())
    }

    /// The targets, as the test wrote them.
    pub(super) fn names(&self) -> Vec<&str> {
        self.targets.keys().map(String::as_str).collect()
    }

    pub(super) fn forget(&mut self) {
        self.targets.clear();
    }
}
