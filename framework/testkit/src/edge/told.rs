//! What an edge told: its log, as a node's operator reads it.

use selvedge_runtime::trace::PurgeEvent;

use crate::{Edge, Told};

impl Edge {
    /// Everything that the edge has told so far, in order. As text, each is the line that a node's operator reads.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.inner.record.all()
    }

    /// What handlers wrote to their services' logs: service and line.
    #[must_use]
    pub fn logs(&self) -> Vec<(String, String)> {
        let logs = self.told().into_iter().filter_map(|told| match told {
            Told::Log { service, line } => Some((service, line)),
            _ => None,
        });
        logs.collect()
    }

    /// What was purged, and where.
    #[must_use]
    pub fn purges(&self) -> Vec<PurgeEvent> {
        let purges = self.told().into_iter().filter_map(|told| match told {
            Told::Purge(event) => Some(event),
            _ => None,
        });
        purges.collect()
    }

    /// Fails the test unless a line of what the edge told has this text in it, and shows all lines.
    ///
    /// # Panics
    /// Where none has it.
    #[track_caller]
    pub fn assert_told(&self, text: &str) {
        let lines: Vec<String> = self.told().iter().map(ToString::to_string).collect();
        let told = lines.iter().any(|line| line.contains(text));
        assert!(told, "nothing that was told has `{text}` in it:\n{}", lines.join("\n"));
    }
}
