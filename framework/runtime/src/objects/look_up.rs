//! Looking up: what is found, who has to make it, and who waits (platform.md section 6.3).

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use selvedge::{
    Error, Refusal, Result,
    host::{BoxFuture, FoundObject, Looked, Obligation, ReplaceStrategy},
};
use selvedge_cache::{entry::Entry, object::Life};
use selvedge_model::limits::CACHE_LOOKUP_TIMEOUT_MS;

use super::{
    duty::Duty,
    found::Found,
    wanted::{Here, Wanted},
};
use crate::{
    clock::Clock,
    flight::{Ended, Flight, Joined, Lead, Phase},
};

/// What can be used now. Where that is stale, whoever looks next in this second is not asked to make it anew.
pub(super) fn plain(wanted: &Wanted) -> Looked {
    if let Some((entry, life)) = wanted.here().usable() {
        let _ = life == Life::Stale && entry.head.offer_refresh(wanted.at_ms);
        return found(wanted.found(entry));
    }
    match wanted.coming() {
        Some(landing) => found(wanted.found_coming(landing)),
        None => Looked { found: None, obligation: None },
    }
}

/// What can be used, with the obligation where this look-up has it.
pub(super) async fn transaction(wanted: &Wanted, limit: Option<Duration>) -> Result<Looked> {
    let mut patience = Patience::of(wanted, limit);
    loop {
        let here = wanted.here();
        match here.usable() {
            Some((entry, Life::Fresh)) => return Ok(found(wanted.found(entry))),
            Some((entry, _)) => return Ok(stale(wanted, &here, entry)),
            None => {}
        }
        match wanted.join(&here) {
            Joined::Leads(lead) => return Ok(led(wanted, lead)),
            Joined::Alone | Joined::Ancestor => return Ok(alone(wanted)),
            Joined::Follows(flight, _waiting) => {
                if let Some(looked) = follow(wanted, &flight, &mut patience).await? {
                    return Ok(looked);
                }
            }
        }
    }
}

/// What is there, with the leave to store another.
pub(super) async fn replace(
    wanted: &Wanted,
    strategy: ReplaceStrategy,
    limit: Option<Duration>,
) -> Result<Looked> {
    let lead = match strategy {
        ReplaceStrategy::Immediate => None,
        ReplaceStrategy::ImmediateForceMiss => return Ok(forced(wanted)),
        ReplaceStrategy::Wait => turn(wanted, limit).await?,
    };
    let existing = wanted.here().usable().map(|(entry, _)| entry);
    Ok(replacing(wanted, existing, lead))
}

fn found(found: Arc<Found>) -> Looked {
    Looked { found: Some(found), obligation: None }
}

/// It may be used, so nobody waits; one in a second is to make it anew, if nobody is at it.
fn stale(wanted: &Wanted, here: &Here, entry: Entry) -> Looked {
    let offered = entry.head.offer_refresh(wanted.at_ms);
    let lead = match offered.then(|| wanted.join(here)) {
        Some(Joined::Leads(lead)) => lead,
        _ => return found(wanted.found(entry)),
    };
    // Another may have made it anew between our look and our lead.
    match wanted.here().usable() {
        Some((fresh, Life::Fresh)) => {
            lead.end(Ended::Landed);
            found(wanted.found(fresh))
        }
        _ => {
            let duty = Duty::led(wanted, lead, Some(entry.clone()));
            obliged(Some(wanted.found(entry)), duty)
        }
    }
}

/// Nothing can be used, unless it came between our look and our lead.
fn led(wanted: &Wanted, lead: Lead) -> Looked {
    match wanted.here().usable() {
        Some((entry, _)) => {
            lead.end(Ended::Landed);
            found(wanted.found(entry))
        }
        None => obliged(None, Duty::led(wanted, lead, None)),
    }
}

/// Makes it by itself, for nobody else.
fn alone(wanted: &Wanted) -> Looked {
    obliged(None, Duty::alone(wanted))
}

fn obliged(found: Option<Arc<Found>>, duty: Duty) -> Looked {
    let found = found.map(|found| found as Arc<dyn FoundObject>);
    Looked { found, obligation: Some(Box::new(duty) as Box<dyn Obligation>) }
}

/// Waits for another's insert; `None` where one has to look again.
async fn follow(
    wanted: &Wanted,
    flight: &Flight,
    patience: &mut Patience,
) -> Result<Option<Looked>> {
    Ok(match patience.wait_for(flight.told()).await? {
        // What has landed meanwhile is one object with one count of its look-ups.
        Phase::Coming(landing) if wanted.fits(&landing) => {
            Some(found(match wanted.here().usable() {
                Some((entry, _)) => wanted.found(entry),
                None => wanted.found_coming(landing),
            }))
        }
        Phase::Over(Ended::Unshared) => Some(alone(wanted)),
        Phase::Asking | Phase::Coming(_) | Phase::Over(_) => None,
    })
}

/// Waits until nobody else is storing it.
async fn turn(wanted: &Wanted, limit: Option<Duration>) -> Result<Option<Lead>> {
    let mut patience = Patience::of(wanted, limit);
    loop {
        match wanted.join(&wanted.here()) {
            Joined::Leads(lead) => return Ok(Some(lead)),
            Joined::Alone | Joined::Ancestor => return Ok(None),
            Joined::Follows(flight, _waiting) => drop(patience.wait_for(flight.over()).await?),
        }
    }
}

/// What is there goes, and whoever looks from now on waits.
fn forced(wanted: &Wanted) -> Looked {
    let here = wanted.here();
    let lead = match wanted.join(&here) {
        Joined::Leads(lead) => Some(lead),
        _ => None,
    };
    let existing = here.usable().map(|(entry, _)| entry);
    if let Some((entry, _)) = &here.entry {
        wanted.hop.pop.shelf.outdate(&wanted.key, entry);
    }
    replacing(wanted, existing, lead)
}

fn replacing(wanted: &Wanted, existing: Option<Entry>, lead: Option<Lead>) -> Looked {
    let duty = match lead {
        Some(lead) => Duty::led(wanted, lead, existing.clone()),
        None => Duty::alone(wanted),
    };
    obliged(existing.map(|entry| wanted.found(entry)), duty)
}

/// How long a look-up waits, over all of its waits.
struct Patience {
    limit_ms: u64,
    clock: Arc<dyn Clock>,
    late: Option<BoxFuture<'static, ()>>,
}

impl Patience {
    fn of(wanted: &Wanted, limit: Option<Duration>) -> Self {
        let given = limit.map(|limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
        let clock = Arc::clone(&wanted.hop.world().clock);
        Self { limit_ms: given.unwrap_or(CACHE_LOOKUP_TIMEOUT_MS), clock, late: None }
    }

    async fn wait_for<T>(&mut self, told: impl Future<Output = T>) -> Result<T> {
        let late = self.late.get_or_insert_with(|| self.clock.sleep(self.limit_ms));
        match select(std::pin::pin!(told), late).await {
            Either::Left((told, _)) => Ok(told),
            Either::Right(_) => {
                let detail = format!("another's insert did not come within {} ms", self.limit_ms);
                Err(Error::new(Refusal::LookupTimeout, detail))
            }
        }
    }
}
