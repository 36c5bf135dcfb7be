//! One hop: a service at work on a request, and what its handler can do there.
//!
//! It is the runtime's [`Host`](selvedge::Host). Nothing here outlives the request, but for what
//! is left for after it.

mod host;
mod outcome;

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use http::HeaderMap;
use selvedge::{Host, Place, Request, Result};
use selvedge_cache::decision::PassReason;
use selvedge_model::manifest::ServiceCache;

pub use self::outcome::{Object, Outcome};
use crate::{
    after::Left,
    caller::Caller,
    edge::Edge,
    esi::{self, Nest},
    fetch::{CachePlan, Use},
    flight::FlightId,
    hops::{Hops, Way},
    ids::RequestId,
    interim::Interim,
    objects::Held,
    trace::Flag,
    world::{Matched, Pop, Service, World},
};

/// So many POPs are the edge and a shield.
const POPS: usize = 2;

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

    /// Where the request has been, this hop included. Nobody asks where it ends here.
    #[must_use]
    pub fn hops(&self) -> Hops {
        self.before.clone().visit(&self.service.settings.name, &self.pop.name, self.way)
    }

    /// Which of the request's hops it is, the first one being 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.before.count().saturating_add(1)
    }

    /// Whether it may go on.
    ///
    /// # Errors
    /// As [`Hops::check`].
    pub fn check(&self) -> Result<()> {
        if self.before.have_room() {
            return Ok(());
        }
        self.hops().check(&self.world().manifest, &self.world().data_ports)
    }

    /// Whether it is at the shield of its service: nothing goes on from there to another shield of it.
    #[must_use]
    pub fn is_at_shield(&self) -> bool {
        self.way == Way::Shielded
    }

    /// The pages that the request is a fragment of.
    #[must_use]
    pub fn nest(&self) -> &Nest {
        self.before.nest()
    }

    /// The hops, for what is sent now: on behalf of these flights, and of those that others wait for.
    #[must_use]
    pub fn descent(&self, under: Option<FlightId>) -> Hops {
        self.hops().under(self.held.all().into_iter().chain(under))
    }

    /// The flights that must not be waited for now.
    #[must_use]
    pub fn ancestors(&self) -> Cow<'_, [FlightId]> {
        let working = self.held.working();
        match working.is_empty() {
            true => Cow::Borrowed(self.before.flights()),
            false => Cow::Owned([self.before.flights(), &working].concat()),
        }
    }

    /// The world it runs in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.edge.world
    }

    /// What the cache did for the last send.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the cache did.
    pub fn note(&self, outcome: Outcome) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
    }

    /// The object that the last send was about, where debug headers were asked for.
    #[must_use]
    pub fn object(&self) -> Option<Object> {
        self.object.lock().unwrap_or_else(PoisonError::into_inner).as_deref().cloned()
    }

    /// Notes the object, where debug headers were asked for.
    pub fn note_object(&self, object: impl FnOnce() -> Object) {
        if self.along.debug {
            *self.object.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(object()));
        }
    }

    /// Notes what a hop that failed says of itself, for the answer to be told by.
    pub fn note_behind(&self, headers: HeaderMap) {
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(headers));
    }

    /// What was noted so.
    #[must_use]
    pub fn take_behind(&self) -> HeaderMap {
        let behind = self.behind.lock().unwrap_or_else(PoisonError::into_inner).take();
        behind.map(|headers| *headers).unwrap_or_default()
    }

    /// What is odd about the way here.
    #[must_use]
    pub fn flag(&self) -> Option<Flag> {
        (self.hops().pops() > POPS).then_some(Flag::ThreePops)
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
