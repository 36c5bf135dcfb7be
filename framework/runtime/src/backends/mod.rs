//! Backends as they are now: whether they work, how much is under way to them, which of several is sent to.
//!
//! State belongs to a node: all its cores share it, and a backend that does not change keeps it from world to world.

mod body;
mod director;
mod health;
mod probe;
mod state;

use selvedge::{Error, Refusal, Request, Result};
use selvedge_model::number::counted;

pub(crate) use self::body::watched;
use self::director::{Chance, choose};
pub use self::{
    health::{Health, Turn},
    probe::{due, next_ms, probing},
    state::{Slot, State},
};
use crate::{
    hop::Hop,
    world::{Backend, Destination},
};

/// The backend that this attempt goes to.
///
/// # Errors
/// [`Refusal::NoHealthyBackend`].
pub(crate) fn pick<'s>(hop: &Hop, to: Destination<'s>, request: &Request) -> Result<&'s Backend> {
    let picked = match to {
        Destination::Backend(backend) => Some(backend).filter(|it| it.state.works()),
        Destination::Director(director, service) => {
            let backend = |name: &str| service.backends.get(name);
            let works = |name: &str| backend(name).is_some_and(|it| it.state.works());
            let client = hop.along.client.map(|client| client.to_string()).unwrap_or_default();
            let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
            let url = (host(request), target);
            let chance = Chance { random: hop.along.id.mixed(), url, client: &client };
            let member = choose(director, &chance, |member| works(member.backend.as_str()));
            member.and_then(|member| backend(member.backend.as_str()))
        }
    };
    picked.ok_or_else(|| none_works(hop, to))
}

/// No backend works, of those that there are.
pub(crate) fn none_works(hop: &Hop, to: Destination<'_>) -> Error {
    let detail = format!("{} of service `{}`", to.shown(), hop.service.name());
    Error::new(Refusal::NoHealthyBackend, detail)
}

fn host(request: &Request) -> &str {
    let field = request.headers().get(http::header::HOST);
    field.and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// A place among what is under way to a backend.
///
/// # Errors
/// [`Refusal::ConnectionLimit`].
pub(crate) fn enter(hop: &Hop, backend: &Backend) -> Result<Slot> {
    let most = backend.settings.max_connections;
    State::enter(&backend.state, most).ok_or_else(|| {
        let (name, service) = (&backend.settings.name, hop.service.name());
        let most = most.unwrap_or_default();
        let most = counted(most, "request");
        let detail =
            format!("as many as may be are under way to `{name}` of service `{service}`: {most}");
        Error::new(Refusal::ConnectionLimit, detail)
    })
}
