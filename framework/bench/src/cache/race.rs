//! Servers asked in turns, round after round.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use selvedge_bench::{
    Outcome,
    bare::Bare,
    child::Server,
    cores::Busy,
    load::{Idle, Measured, ask},
    samples::Samples,
    targets::Targets,
};

use crate::flags::Flags;

/// A server in a race.
pub(crate) struct Runner {
    pub(crate) name: String,
    address: SocketAddr,
    busy: Vec<Busy>,
    targets: Targets,
}

/// What one server did in all rounds.
pub(crate) struct Row {
    pub(crate) name: String,
    /// Answers per second.
    pub(crate) per_second: Samples,
    /// Median latency in microseconds.
    pub(crate) p50_us: Samples,
    /// What 99 of 100 latencies are not above, in microseconds.
    pub(crate) p99_us: Samples,
    /// What the server computed for each answer, in microseconds. Whoever else is on its core
    /// makes answers fewer, and leaves this nearly as it is.
    pub(crate) cost_us: Samples,
    /// The share of its core that the server used.
    pub(crate) server_busy: Samples,
    /// The share of theirs that the clients used.
    pub(crate) clients_busy: Samples,
}

impl Runner {
    pub(crate) fn of(name: &str, server: &Server, targets: Targets) -> Self {
        let (address, busy) = (server.address, vec![server.busy()]);
        Self { name: name.to_owned(), address, busy, targets }
    }

    pub(crate) fn bare(bare: Bare, targets: Targets) -> Self {
        let (address, busy) = (bare.address, bare.busy);
        Self { name: "bare hyper".to_owned(), address, busy, targets }
    }

    fn round(&mut self, flags: &Flags, time: Duration, idle: Idle) -> Outcome<(Measured, f64)> {
        let (start, before) = (Instant::now(), self.busy_seconds());
        let targets = &mut self.targets;
        let measured = ask(self.address, flags.connections, targets, Some(time), idle)?;
        Ok((measured, (self.busy_seconds() - before) / start.elapsed().as_secs_f64()))
    }

    fn busy_seconds(&self) -> f64 {
        self.busy.iter().map(|it| it.seconds()).sum()
    }
}

/// Has each run for half a round to get warm, then all of them in every round.
pub(crate) fn race(runners: &mut [Runner], flags: &Flags, idle: Idle) -> Outcome<Vec<Row>> {
    let mut rows: Vec<Row> = runners.iter().map(|runner| Row::of(&runner.name)).collect();
    for runner in &mut *runners {
        runner.round(flags, flags.round / 2, idle)?;
    }
    for _ in 0..flags.rounds {
        for (runner, row) in runners.iter_mut().zip(&mut rows) {
            let (measured, server_busy) = runner.round(flags, flags.round, idle)?;
            row.add(&measured, server_busy);
        }
    }
    Ok(rows)
}

impl Row {
    pub(crate) fn of(name: &str) -> Self {
        let none = Samples::default;
        Self {
            name: name.to_owned(),
            per_second: none(),
            p50_us: none(),
            p99_us: none(),
            cost_us: none(),
            server_busy: none(),
            clients_busy: none(),
        }
    }

    fn add(&mut self, measured: &Measured, server_busy: f64) {
        self.per_second.add(measured.per_second);
        self.p50_us.add(measured.latencies.quantile_us(0.5));
        self.p99_us.add(measured.latencies.quantile_us(0.99));
        self.cost_us.add(server_busy / measured.per_second * 1e6);
        self.server_busy.add(server_busy);
        self.clients_busy.add(measured.clients_busy);
    }
}
