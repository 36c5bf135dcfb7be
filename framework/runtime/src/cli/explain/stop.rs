//! The hops of a request, each with what the chain guard makes of it there.

use std::fmt::Write as _;

use selvedge::Refusal;
use selvedge_model::{
    manifest::{Backend, ChainMode, Service},
    name::{PopName, ServiceName},
};

/// One hop.
pub(super) struct Stop<'m> {
    pub(super) service: &'m ServiceName,
    /// Where, as far as that is known.
    pub(super) pop: Option<&'m PopName>,
    pub(super) guard: Guard,
}

/// What happens at the door.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// It comes no further: the hop is one too many.
    TooMany,
    /// Nobody is asked for a token; one that is sent is taken out.
    Open(Option<ChainMode>),
    /// A client comes, who has none that is good.
    Client,
    /// The token is of a mode that is accepted.
    Accepts(ChainMode),
    /// There is none, or it is of another mode.
    Refuses(Refusal),
    /// The service goes on at its shield, which is behind its guard.
    Shield,
    /// It is the same where it is known only at the node whether the hop is made.
    PerhapsShield,
}

impl Guard {
    /// Of a service that a client comes to.
    pub(super) fn of_client(service: &Service) -> Self {
        match service.require_chain_auth {
            Some(_) => Self::Client,
            None => Self::Open(None),
        }
    }

    /// Of a service that a backend sends to.
    pub(super) fn of_backend(service: &Service, backend: &Backend) -> Self {
        let mode = backend.chain_auth.as_ref().map(|auth| auth.mode);
        match (&service.require_chain_auth, mode) {
            (None, mode) => Self::Open(mode),
            (Some(_), None) => Self::Refuses(Refusal::ChainTokenMissing),
            (Some(required), Some(mode)) if required.accept.contains(&mode) => Self::Accepts(mode),
            // What is no shared secret looks like no token at all.
            (Some(_), Some(ChainMode::Shared)) => Self::Refuses(Refusal::ChainTokenMalformed),
            (Some(_), Some(_)) => Self::Refuses(Refusal::ChainModeRefused),
        }
    }

    fn words(self) -> String {
        match self {
            Self::TooMany => "one hop or service too many".to_owned(),
            Self::Open(None) => "asks for no chain token".to_owned(),
            Self::Open(Some(mode)) => {
                format!("asks for no chain token, and takes out the one sent ({})", mode.as_str())
            }
            Self::Client => "lets in whoever has a good chain token".to_owned(),
            Self::Accepts(mode) => format!("lets it in with its chain token ({})", mode.as_str()),
            Self::Refuses(refusal) => format!("refuses it with 403 `{}`", refusal.reason()),
            Self::Shield => "its shield, asks for no chain token again".to_owned(),
            Self::PerhapsShield => {
                "its shield, unless it is there already; asks for no chain token again".to_owned()
            }
        }
    }
}

/// A line for each hop, with its number after those that were before; a round is shown once.
pub(super) fn lines(stops: &[Stop<'_>], before: usize) -> String {
    let mut text = String::new();
    let mut numbered = (before + 1..).zip(stops);
    for (number, stop) in numbered.by_ref().take(shown(stops)) {
        let place = stop.pop.map(|pop| format!(" in {pop}")).unwrap_or_default();
        let _ = writeln!(text, "  {number:<2} `{}`{place}: {}", stop.service, stop.guard.words());
    }
    if numbered.next().is_some() {
        text.push_str("  ...\n");
    }
    text
}

/// A round is over when a service is entered again in the same place; short ways are shown whole.
fn shown(stops: &[Stop<'_>]) -> usize {
    const SHORT: usize = 10;
    let is_again = |place: &usize| {
        let (before, at) = stops.split_at(*place);
        let at = at.first().map(|stop| (stop.service, stop.pop));
        before.iter().any(|stop| Some((stop.service, stop.pop)) == at)
    };
    let round = (1..stops.len()).find(is_again).filter(|_| stops.len() > SHORT);
    round.map_or(stops.len(), |again| again + 1)
}
