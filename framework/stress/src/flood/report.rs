//! What a flood did.

use std::{fmt, time::Duration};

use super::client::Answers;

/// One wave of tokens.
#[derive(Debug)]
pub struct Wave {
    pub(super) name: &'static str,
    pub(super) answers: Answers,
    pub(super) expected: Expected,
    pub(super) took: Duration,
    /// The node's resident memory after it, in bytes.
    pub(super) memory: u64,
}

/// What must become of a wave.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) accepted: u64,
    pub(super) replayed: u64,
    pub(super) full: u64,
}

/// What happened.
#[derive(Debug)]
pub struct FloodReport {
    pub(super) tokens: u64,
    pub(super) room: u64,
    /// The node's resident memory before, in bytes.
    pub(super) idle: u64,
    pub(super) waves: Vec<Wave>,
    /// The most that its memory has been, and may be, in bytes.
    pub(super) peak: u64,
    pub(super) limit: u64,
}

impl FloodReport {
    /// Whether nobody got in twice, each refusal has its name, and the memory has its bound.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.peak <= self.limit && self.waves.iter().all(Wave::holds)
    }
}

impl Wave {
    fn holds(&self) -> bool {
        let Expected { accepted, replayed, full } = self.expected;
        self.answers.count("200") == accepted
            && self.answers.count("403 chain token replayed") == replayed
            && self.answers.count("403 chain nonces full") == full
    }
}

fn mib(bytes: u64) -> u64 {
    bytes / (1024 * 1024)
}

impl fmt::Display for FloodReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tokens, room, idle, peak, limit, .. } = self;
        writeln!(f, "{tokens} tokens a wave, room for {room}; the node took {} MiB", mib(*idle))?;
        for wave in &self.waves {
            let verdict = if wave.holds() { "" } else { ": wrong" };
            let (name, took, memory) = (wave.name, wave.took.as_secs_f64(), mib(wave.memory));
            writeln!(f, "{name}: {took:.1} s, {memory} MiB after it{verdict}")?;
            for (answer, count) in &wave.answers.0 {
                writeln!(f, "  {count:>8} {answer}")?;
            }
        }
        writeln!(f, "memory: {} MiB at most, of {} allowed", mib(*peak), mib(*limit))
    }
}
