//! What is told of each hop: one event, in the same words as the response's headers; and of each purge.

use std::fmt;

use selvedge::{Error, Refusal};
use selvedge_cache::{
    decision::{NoStore, Verdict},
    purge::PurgeMode,
};

use crate::purge::{Purged, What};

/// One service's part in one request, told when its response is ready.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HopEvent {
    /// The request, the same in every hop.
    pub request_id: String,
    /// Which service.
    pub service: String,
    /// At which POP.
    pub pop: String,
    /// 1 at the edge.
    pub hop: usize,
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub target: String,
    /// The response's status.
    pub status: u16,
    /// What the cache did for the last request that the service sent.
    pub verdict: Verdict,
    /// Why the response to it was not stored, if it was not.
    pub not_stored: Option<NoStore>,
    /// Whether it waited for another request's answer, and if so, whether it got that.
    pub collapsed: Option<bool>,
    /// The refusal, with the operator's text, if the hop ended in one.
    pub refused: Option<(Refusal, String)>,
    /// What is odd about the way of the request, if anything is.
    pub flag: Option<Flag>,
    /// From the hop's start to its response's head, in milliseconds of the node's clock.
    pub took_ms: u64,
}

/// What is odd about the way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// It is in the third POP, or a further one: services of its chain shield in different POPs (platform.md section
    /// 10.3).
    ThreePops,
}

impl Flag {
    /// The word in logs and headers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ThreePops => "three-pops",
        }
    }
}

impl HopEvent {
    /// Why the verdict is what it is, in the word of the headers; a hit and an answer without a send need none.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.verdict.reason()
    }
}

/// What a purge did, told when it is done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PurgeEvent {
    /// Whose objects; the id of a service that has no active version.
    pub service: String,
    /// Which of them.
    pub what: What,
    /// Whether they are gone or stale. A purge of everything is always hard.
    pub mode: PurgeMode,
    /// What was met where.
    pub purged: Purged,
}

/// Who is told.
pub trait Tell: Send + Sync + 'static {
    /// Whether a hop that was refused, or was not, is worth telling. Events that nobody wants are
    /// not made.
    fn wants(&self, refused: bool) -> bool;

    /// A hop has its response.
    fn hop(&self, event: &HopEvent);

    /// A purge is done.
    fn purged(&self, event: &PurgeEvent);

    /// A handler wrote to its service's log.
    fn log(&self, service: &str, line: &str);

    /// A service's code has used a binding that its handler does not declare. The refusal that it gets is told with its
    /// hop, unless code makes something else of it.
    fn undeclared(&self, _service: &str, _refused: &Error) {}

    /// Work that a handler left for after its response has panicked. The line names the request; nobody else is told.
    fn panicked_after(&self, service: &str, line: &str) {
        self.log(service, line);
    }
}

/// Writes to standard error: every hop and every purge in dev, refusals with the operator's text otherwise.
#[derive(Clone, Copy, Debug)]
pub struct StderrTell {
    /// Whether every hop and every purge is told.
    pub every_hop: bool,
}

impl Tell for StderrTell {
    fn wants(&self, refused: bool) -> bool {
        self.every_hop || refused
    }

    fn hop(&self, event: &HopEvent) {
        eprintln!("{event}");
    }

    fn purged(&self, event: &PurgeEvent) {
        if self.every_hop {
            eprintln!("{event}");
        }
    }

    fn log(&self, service: &str, line: &str) {
        eprintln!("{}", log_line(service, line));
    }
}

/// A line of a service's log, as the operator reads it.
#[must_use]
pub fn log_line(service: &str, line: &str) -> String {
    format!("{service} :: {}", line.escape_debug())
}

/// One line, as the operator reads it.
impl fmt::Display for HopEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request_id, service, pop, method, target, status, verdict, took_ms, .. } = self;
        let (hop, verdict) = (self.hop, verdict.as_str());
        write!(
            f,
            "{request_id} hop={hop} {pop}/{service} {method} {target} {status} {verdict} {took_ms}ms"
        )?;
        if let Some(reason) = self.not_stored {
            write!(f, " not-stored={}", reason.as_str())?;
        }
        if let Some(shared) = self.collapsed {
            f.write_str(if shared { " collapsed" } else { " waited" })?;
        }
        if let Some(flag) = self.flag {
            write!(f, " flag={}", flag.as_str())?;
        }
        match &self.refused {
            Some((refusal, detail)) => {
                write!(f, " fault={} {}", refusal.fault().as_str(), detail.escape_debug())
            }
            None => Ok(()),
        }
    }
}

/// One line, as the operator reads it.
impl fmt::Display for PurgeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = match self.mode {
            PurgeMode::Hard => "",
            PurgeMode::Soft => "soft ",
        };
        write!(f, "{mode}purge of {}: {}", self.service, self.what)?;
        self.purged.counts.iter().try_for_each(|(pop, count)| write!(f, " {pop}={count}"))
    }
}
