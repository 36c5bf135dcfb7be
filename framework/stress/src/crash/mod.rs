//! A writer that is killed again and again: what the KV engine acknowledged is there afterwards, whole.
//!
//! The writer is a process of its own (`writer`). It says what it is about to write and what was acknowledged; the
//! `ledger` knows from that what may be found. It is killed when it has said a random number of lines, while it goes on
//! at full speed, so the kill comes at any point of its work.

use std::{
    fmt,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use selvedge_runtime::stores::kv::DiskKv;

use crate::Outcome;

mod ledger;
mod line;
mod writer;

pub use self::writer::write;
use self::{ledger::Ledger, line::Line};

/// What to do.
#[derive(Debug)]
pub struct Settings {
    /// The program that writes when its first word is `write`.
    pub program: PathBuf,
    /// How often it is killed.
    pub kills: u32,
    /// Which run it is.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// How often the writer was killed.
    pub kills: u32,
    /// How many writes were acknowledged.
    pub acknowledged: u64,
    /// How many had been begun and were not acknowledged.
    pub open: u64,
    /// The longest that it took to open the file after a kill.
    pub slowest_open: Duration,
    /// What was not as it must be.
    pub wrong: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, acknowledged, open, slowest_open, wrong } = self;
        writeln!(f, "{kills} kills, {acknowledged} writes acknowledged, {open} were not")?;
        writeln!(f, "slowest open after a kill: {:.1} ms", slowest_open.as_secs_f64() * 1000.0)?;
        wrong.iter().try_for_each(|what| writeln!(f, "wrong: {what}"))
    }
}

/// Kills the writer as often as asked, and looks after each time.
///
/// # Errors
/// Where the writer cannot be started, or ends by itself.
pub fn run(settings: &Settings) -> Outcome<Report> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("kv.redb");
    let mut rng = fastrand::Rng::with_seed(settings.seed);
    let (mut ledger, mut report) = (Ledger::default(), Report::default());
    for _ in 0..settings.kills {
        kill(settings, &file, &mut rng, &mut ledger)?;
        let start = Instant::now();
        let engine = DiskKv::open(&file)?;
        report.slowest_open = report.slowest_open.max(start.elapsed());
        report.wrong.extend(ledger.check(&engine)?);
        report.kills += 1;
    }
    report.acknowledged = ledger.acknowledged();
    report.open = ledger.unacknowledged();
    Ok(report)
}

/// Starts the writer, kills it after some lines, and notes all it said.
fn kill(
    settings: &Settings,
    file: &Path,
    rng: &mut fastrand::Rng,
    ledger: &mut Ledger,
) -> Outcome<()> {
    let mut writer = Command::new(&settings.program);
    writer.arg("write").arg(file).arg(rng.u64(..).to_string()).arg(ledger.last().to_string());
    let mut child = writer.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut said = BufReader::new(child.stdout.take().ok_or("the writer has no output")?).lines();
    for _ in 0..rng.usize(1..2000) {
        match said.next() {
            Some(line) => {
                ledger.note(Line::parse(&line?).ok_or("the writer says what it may not")?)
            }
            None => return Err(format!("the writer ended by itself: {}", child.wait()?).into()),
        }
    }
    child.kill()?;
    for line in said {
        // The last one may be cut off; what it would have said is not known, as if it had been killed before.
        Line::parse(&line?).into_iter().for_each(|line| ledger.note(line));
    }
    child.wait()?;
    Ok(())
}
