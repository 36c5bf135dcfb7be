//! One hop: a service at work on a request, and what its handler can do there.
//!
//! It is the runtime's [`Host`]. Nothing here outlives the request, but for what
//! is left for after it. Where the request has been before is in `path`, what its sends leave behind in `noted`.

mod host;
mod noted;
mod outcome;
mod path;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, Weak};

use http::HeaderMap;
use selvedge::{Host, Place, Request, Result};
use selvedge_cache::decision::PassReason;
use selvedge_model::manifest::ServiceCache;

pub use self::outcome::{Object, Outcome};
use crate::{
    after::Left,
    caller::Caller,
    edge::Edge,
    esi,
    fetch::{CachePlan, Use},
    hops::{Hops, Way},
    ids::RequestId,
    interim::Interim,
    objects::Held,
    world::{Matched, Pop, Service, World},
};

/// A service at work on a request.
pub struct Hop {
    /// The edge it runs on.
    pub edge: Edge,
    /// The POP it runs in.
    pub pop: Arc<Pop>,
    /// The service.
    pub service: Arc<Service>,
    /// Where the request has been before.
    before: Hops,
    /// How it came here.
    way: Way,
    /// What rides along with the request.
    pub along: Along,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_ms: u64,
    /// The host that the service was asked for: what the cache knows objects by.
    pub host: Arc<str>,
    /// The rules for the request, of a delivery service that has looked at it.
    matched: OnceLock<Matched>,
    /// The request as its fragments copy it, where it may be answered with a template.
    page: esi::Kept,
    /// The place as code sees it, made for those who look.
    place: OnceLock<Box<Place>>,
    outcome: Mutex<Outcome>,
    object: Mutex<Option<Box<Object>>>,
    /// What a hop that failed says of itself, where this one fails by it.
    behind: Mutex<Option<Box<HeaderMap>>>,
    /// Itself, where code has it as a host, which is a reference and no more.
    me: OnceLock<Weak<Self>>,
    /// What the handler leaves for after its response.
    pub left: Left,
    /// What its handler has to make for others who wait.
    pub held: Held,
}

/// What rides along with a request through all of its hops.
#[derive(Clone, Debug)]
pub struct Along {
    /// The request's id.
    pub id: RequestId,
    /// The client's address.
    pub client: Option<IpAddr>,
    /// Whether the operator sent it.
    pub caller: Caller,
    /// Whether debug headers were asked for by somebody who may see them.
    pub debug: bool,
    /// Where interim responses to it go.
    pub interim: Interim,
}

impl Hop {
    /// A hop that has sent nothing so far, and how the request came to it. It is made where it stays.
    #[must_use]
    pub fn new(
        edge: Edge,
        pop: Arc<Pop>,
        service: Arc<Service>,
        (before, way): (Hops, Way),
        along: Along,
        host: Arc<str>,
    ) -> Arc<Self> {
        let started_ms = edge.world.clock.now_ms();
        Arc::new(Self {
            started_ms,
            edge,
            pop,
            service,
            before,
            way,
            along,
            host,
            matched: OnceLock::new(),
            page: OnceLock::new(),
            place: OnceLock::new(),
            outcome: Mutex::new(Outcome::NONE),
            object: Mutex::new(None),
            behind: Mutex::new(None),
            me: OnceLock::new(),
            left: Left::default(),
            held: Held::default(),
        })
    }

    /// The same as code has it.
    #[must_use]
    pub fn host(self: &Arc<Self>) -> Arc<dyn Host> {
        self.me.get_or_init(|| Arc::downgrade(self));
        Arc::clone(self) as Arc<dyn Host>
    }

    /// The hop that code has as its host, for work that goes on when its client has gone.
    fn shared(&self) -> Arc<Self> {
        self.me.get().and_then(Weak::upgrade).unwrap_or_else(|| self.sibling())
    }

    /// The same hop with nothing sent yet, for work that goes on in the background.
    #[must_use]
    pub fn sibling(&self) -> Arc<Self> {
        let (edge, pop, service) =
            (self.edge.clone(), Arc::clone(&self.pop), Arc::clone(&self.service));
        let (came, host) = ((self.before.clone(), self.way), Arc::clone(&self.host));
        let along = Along { debug: false, interim: Interim::default(), ..self.along.clone() };
        let sibling = Self::new(edge, pop, service, came, along, host);
        if let Some(matched) = self.matched() {
            sibling.keep_matched(|| matched.clone());
        }
        sibling
    }

    /// The rules for the request, where the service has looked for them.
    #[must_use]
    pub fn matched(&self) -> Option<&Matched> {
        self.matched.get()
    }

    /// Keeps the rules for the request, which came in as it was then.
    pub fn keep_matched(&self, matched: impl FnOnce() -> Matched) -> &Matched {
        self.matched.get_or_init(matched)
    }

    /// The request as its fragments copy it, where it may be answered with a template.
    #[must_use]
    pub fn page(&self) -> Option<&Arc<esi::Page>> {
        self.page.get()
    }

    /// Keeps the request for its fragments.
    pub fn keep_page(&self, page: impl FnOnce() -> esi::Page) {
        self.page.get_or_init(|| Arc::new(page()));
    }

    /// Where the request is, as code sees it.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.place.get_or_init(|| {
            let (pop, service) = (self.pop.name.as_str(), self.service.name());
            let id = self.along.id.to_string();
            let number = self.number();
            let place =
                Place::new(pop.to_owned(), service.to_owned(), number, id, self.along.client);
            Box::new(place.with_visits(self.hops().visits_before()))
        })
    }

    /// The world it runs in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.edge.world
    }

    /// What the cache is to do for a request, from the service's settings and what came with the
    /// request.
    ///
    /// # Errors
    /// As [`CachePlan::of`].
    pub fn cache_plan(&self, request: &Request) -> Result<CachePlan> {
        Ok(match CachePlan::of(request.extensions())? {
            CachePlan::Pass(reason) => self.plan_for(Some(reason), Use::default()),
            CachePlan::Use(plan) => self.plan_for(None, plan),
        })
    }

    /// The same, from what rules say.
    #[must_use]
    pub fn plan_for(&self, pass: Option<PassReason>, plan: Use) -> CachePlan {
        match (self.service.settings.cache, pass) {
            (ServiceCache::Off, _) => CachePlan::Pass(PassReason::CacheOff),
            (ServiceCache::On, Some(reason)) => CachePlan::Pass(reason),
            (ServiceCache::On, None) => CachePlan::Use(plan),
        }
    }
}
