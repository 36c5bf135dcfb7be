//! What the dev server does next, as a pure machine: an event in, actions out.
//!
//! It starts no process and reads no clock; `stage.rs` carries the actions out and tells what came
//! of them. The order of a round is: check the manifest, build, stop the old node, start the demo
//! origin, start the node. Everything that can fail without a look at the network comes before the
//! old node is stopped, which is how the last good build stays up.

use std::path::PathBuf;

use super::report::Report;

#[cfg(test)]
mod tests;

/// Something that happened outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A watched file changed, and nothing changed since.
    Changed(PathBuf),
    /// The manifest is good.
    ManifestGood,
    /// The manifest is refused; its problems are printed already.
    ManifestRefused(String),
    /// The build succeeded.
    Built(Fresh),
    /// The build failed; the compiler's errors are printed already.
    BuildFailed(String),
    /// The demo origin answers, or there is none.
    OriginReady,
    /// The demo origin ended, or never got ready.
    OriginEnded(String),
    /// The node serves.
    NodeReady,
    /// The node ended, or could not be started.
    NodeEnded(String),
    /// Ctrl-C, or a request to terminate.
    Stop,
}

/// Whether what was built differs from what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fresh {
    /// The binaries, the manifest and its files are what the running node was started with.
    Same,
    /// Something differs: the node must be restarted.
    New,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Say(Report),
    CheckManifest,
    Build,
    StopNode,
    StartOrigin,
    StartNode,
    /// Stop every child and leave.
    Leave(Exit),
}

/// How dev ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It was asked to end.
    Asked,
    /// Nothing was ever served.
    NeverServed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Absent,
    Starting,
    Serving,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// Waiting for a change.
    Idle,
    /// Checking and building, with the old node still up.
    Preparing,
    /// The old node is stopped and the origin is not ready yet.
    Swapping,
}

/// The machine.
#[derive(Debug)]
pub(crate) struct Core {
    node: Node,
    round: Round,
    /// A change came in the middle of a round: another one follows.
    again: bool,
    served: bool,
}

impl Core {
    /// A machine and its first actions.
    pub(crate) fn start() -> (Self, Vec<Action>) {
        let core =
            Self { node: Node::Absent, round: Round::Preparing, again: false, served: false };
        (core, vec![Action::CheckManifest])
    }

    /// What to do about an event.
    pub(crate) fn on(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Stop => vec![Action::Leave(Exit::Asked)],
            Event::Changed(path) => self.changed(path),
            Event::ManifestGood => vec![Action::Build],
            Event::ManifestRefused(why) => self.failed(Report::ManifestRefused(why)),
            Event::BuildFailed(why) => self.failed(Report::BuildFailed(why)),
            Event::Built(fresh) => self.built(fresh),
            Event::OriginReady => self.origin_ready(),
            Event::OriginEnded(why) => self.origin_ended(why),
            Event::NodeReady => self.node_ready(),
            Event::NodeEnded(why) => self.node_ended(why),
        }
    }

    fn changed(&mut self, path: PathBuf) -> Vec<Action> {
        match self.round {
            Round::Idle => self.begin(path),
            Round::Preparing | Round::Swapping => {
                self.again = true;
                Vec::new()
            }
        }
    }

    fn begin(&mut self, path: PathBuf) -> Vec<Action> {
        self.round = Round::Preparing;
        vec![Action::Say(Report::Changed(path)), Action::CheckManifest]
    }

    fn built(&mut self, fresh: Fresh) -> Vec<Action> {
        if self.again {
            return self.once_more();
        }
        if fresh == Fresh::Same && self.node != Node::Absent {
            self.round = Round::Idle;
            return vec![Action::Say(Report::NothingNew)];
        }
        self.round = Round::Swapping;
        self.node = Node::Absent;
        vec![Action::StopNode, Action::StartOrigin]
    }

    fn origin_ready(&mut self) -> Vec<Action> {
        if self.round != Round::Swapping {
            return Vec::new();
        }
        self.node = Node::Starting;
        // A node that starts may fail or be slow: changes begin a new round from here on.
        self.round = Round::Idle;
        let mut actions = vec![Action::StartNode];
        if self.again {
            actions.extend(self.once_more());
        }
        actions
    }

    fn origin_ended(&mut self, why: String) -> Vec<Action> {
        match self.round {
            Round::Swapping => self.failed(Report::OriginFailed(why)),
            Round::Idle | Round::Preparing => vec![Action::Say(Report::OriginGone(why))],
        }
    }

    fn node_ready(&mut self) -> Vec<Action> {
        self.node = Node::Serving;
        self.served = true;
        Vec::new()
    }

    fn node_ended(&mut self, why: String) -> Vec<Action> {
        self.node = Node::Absent;
        match self.round {
            Round::Idle => self.failed(Report::NodeEnded(why)),
            // The round that is under way starts the next node.
            Round::Preparing | Round::Swapping => vec![Action::Say(Report::NodeEnded(why))],
        }
    }

    fn failed(&mut self, report: Report) -> Vec<Action> {
        self.round = Round::Idle;
        let mut actions = vec![Action::Say(report)];
        if self.again {
            actions.extend(self.once_more());
        } else if !self.served && self.node == Node::Absent {
            actions.push(Action::Leave(Exit::NeverServed));
        } else {
            actions.push(Action::Say(self.remains()));
        }
        actions
    }

    fn remains(&self) -> Report {
        match self.node {
            Node::Absent => Report::WaitingForChange,
            Node::Starting | Node::Serving => Report::StillServing,
        }
    }

    fn once_more(&mut self) -> Vec<Action> {
        self.again = false;
        self.round = Round::Preparing;
        vec![Action::Say(Report::ChangedMeanwhile), Action::CheckManifest]
    }
}
