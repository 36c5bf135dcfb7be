//! What is told of each hop: one event, in the same words as the response's headers.

use selvedge::Refusal;
use selvedge_cache::decision::{NoStore, Verdict};

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

/// Who is told.
pub trait Tell: Send + Sync + 'static {
    /// Whether a hop that was refused, or was not, is worth telling. Events that nobody wants are
    /// not made.
    fn wants(&self, refused: bool) -> bool;

    /// A hop has its response.
    fn hop(&self, event: &HopEvent);

    /// A handler wrote to its service's log.
    fn log(&self, service: &str, line: &str);
}

/// Writes to standard error: every hop in dev, refusals with the operator's text otherwise.
#[derive(Clone, Copy, Debug)]
pub struct StderrTell {
    /// Whether every hop is told.
    pub every_hop: bool,
}

impl Tell for StderrTell {
    fn wants(&self, refused: bool) -> bool {
        self.every_hop || refused
    }

    fn hop(&self, event: &HopEvent) {
        eprintln!("{}", line(event));
    }

    fn log(&self, service: &str, line: &str) {
        eprintln!("{} :: {}", service, line.escape_debug());
    }
}

fn line(event: &HopEvent) -> String {
    let HopEvent { request_id, service, pop, method, target, status, verdict, took_ms, .. } = event;
    let mut text = format!(
        "{request_id} hop={} {pop}/{service} {method} {target} {status} {} {took_ms}ms",
        event.hop,
        verdict.as_str()
    );
    if let Some(reason) = event.not_stored {
        text.push_str(&format!(" not-stored={}", reason.as_str()));
    }
    if let Some(shared) = event.collapsed {
        text.push_str(if shared { " collapsed" } else { " waited" });
    }
    if let Some(flag) = event.flag {
        text.push_str(&format!(" flag={}", flag.as_str()));
    }
    if let Some((refusal, detail)) = &event.refused {
        text.push_str(&format!(" fault={} {}", refusal.fault().as_str(), detail.escape_debug()));
    }
    text
}
