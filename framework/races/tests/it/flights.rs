//! The table of flights: one leads, whoever follows is told, nobody waits in a circle, and nothing is left over.

use std::sync::Arc;

use http::HeaderMap;
use http_body_util::BodyExt;
use selvedge_cache::{
    Announced, Key, Purge, PurgeMode, Shelf,
    collapse::{Lane, Role},
    shelf::Order,
};
use shuttle::{
    future::block_on,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{
    flight::{Ended, FlightId, Flights, Joined, Landing, Lead, Phase, Question, Stream, Waits},
    run::check,
    support::{head, key},
};

const ROLE: Role = Role::Leads(Lane { authorized: false, range: None });

/// What threads share.
struct Place {
    shelf: Shelf,
    flights: Arc<Flights>,
    leads: AtomicUsize,
}

impl Place {
    fn new() -> Arc<Self> {
        let flights = Arc::new(Flights::new(Arc::new(Waits::default())));
        Arc::new(Self { shelf: Shelf::new(1_000_000), flights, leads: AtomicUsize::new(0) })
    }

    fn join(&self, key: &Key, ancestors: &[FlightId], asked: Order) -> Joined {
        let headers = HeaderMap::new();
        let question =
            Question { key, role: &ROLE, headers: &headers, vary: &[], ancestors, asked, at_ms: 0 };
        self.flights.join(&question, &self.shelf)
    }

    /// Asks until there is an answer, and leads as `leads` says where it has to. Says what it was told, if it followed.
    fn ask(&self, key: &Key, ancestors: &[FlightId], leads: impl FnOnce(Lead)) -> Option<Phase> {
        let asked = self.shelf.order();
        loop {
            match self.join(key, ancestors, asked) {
                Joined::Leads(lead) => {
                    leads(lead);
                    return None;
                }
                Joined::Follows(flight, _waiting) => match block_on(flight.told()) {
                    Phase::Asking => panic!("that is nothing to tell"),
                    Phase::Over(Ended::LeftOff) => {}
                    told => return Some(told),
                },
                Joined::Alone | Joined::Ancestor => return None,
            }
        }
    }

    fn is_empty(&self) {
        assert_eq!((self.flights.count(), self.shelf.used_bytes()), (0, 0));
    }
}

fn landing(place: &Place) -> Arc<Landing> {
    let stream = Stream::new(u64::MAX, None, place.shelf.room());
    Arc::new(Landing { head: head(), range: None, stream, began: place.shelf.begin() })
}

/// Four who want the same at once.
fn four(leads: fn(&Place, Lead)) -> (Arc<Place>, Vec<Option<Phase>>) {
    let place = Place::new();
    let asking = (0..4).map(|_| {
        let place = Arc::clone(&place);
        thread::spawn(move || {
            place.ask(&key("/a"), &[], |lead| {
                assert_eq!(place.leads.fetch_add(1, Ordering::SeqCst), 0, "two lead");
                thread::yield_now();
                // Who leads next may do so before the last one has told everybody.
                place.leads.fetch_sub(1, Ordering::SeqCst);
                leads(&place, lead);
            })
        })
    });
    let asking: Vec<_> = asking.collect();
    let told = asking.into_iter().map(|asking| asking.join().unwrap()).collect();
    (place, told)
}

#[test]
fn one_leads_and_all_who_follow_are_told() {
    check(|| {
        let (place, told) = four(|_, lead| lead.end(Ended::Unshared));
        assert!(told.iter().any(Option::is_none), "somebody led");
        for told in told.into_iter().flatten() {
            assert!(matches!(told, Phase::Over(Ended::Unshared)));
        }
        place.is_empty();
    });
}

#[test]
fn who_drops_the_lead_hands_it_over() {
    check(|| {
        // Nobody is ever told anything that ends the wait: all four have to lead in the end.
        let (place, told) = four(|_, lead| drop(lead));
        assert!(told.iter().all(Option::is_none));
        place.is_empty();
    });
}

#[test]
fn what_comes_in_is_read_by_all_who_are_told_of_it() {
    check(|| {
        let (place, told) = four(|place, lead| {
            let landing = landing(place);
            lead.coming(Arc::clone(&landing));
            let _ = landing.stream.push(b"body");
            let _ = landing.stream.take();
            lead.end(Ended::Unshared);
            landing.stream.complete(None);
        });
        for told in told.into_iter().flatten() {
            let Phase::Coming(landing) = told else { continue };
            let body = block_on(landing.stream.reader(0, None).unwrap().collect());
            assert_eq!(body.unwrap().to_bytes(), "body");
        }
        place.is_empty();
    });
}

#[test]
fn two_that_need_each_other_do_not_wait_in_a_circle() {
    check(|| {
        let place = Place::new();
        let (a, b) = (key("/a"), key("/b"));
        let one = |mine: Key, other: Key| {
            let place = Arc::clone(&place);
            thread::spawn(move || {
                place.ask(&mine, &[], |lead| {
                    place.ask(&other, &[lead.id()], |inner| {
                        // What is sent from there descends from both.
                        let both = [lead.id(), inner.id()];
                        assert!(matches!(
                            place.join(&mine, &both, place.shelf.order()),
                            Joined::Ancestor
                        ));
                        inner.end(Ended::Unshared);
                    });
                    lead.end(Ended::Unshared);
                });
            })
        };
        let both = [one(a.clone(), b.clone()), one(b, a)];
        both.into_iter().for_each(|one| one.join().unwrap());
        place.is_empty();
    });
}

#[test]
fn who_asks_after_a_purge_is_not_given_what_began_before_it() {
    asked_after_a_purge(|_| None);
}

#[test]
fn nor_while_another_purge_is_pending() {
    asked_after_a_purge(|shelf| {
        Some(shelf.announce("shop", 0, &Purge::Target(&key("/b")), PurgeMode::Hard, 0))
    });
}

fn asked_after_a_purge(pending: fn(&Shelf) -> Option<Announced>) {
    check(move || {
        let place = Place::new();
        let pending = pending(&place.shelf);
        let asked = place.shelf.order();
        let Joined::Leads(lead) = place.join(&key("/a"), &[], asked) else { panic!("nobody else") };
        let began = place.shelf.begin();
        let after = {
            let place = Arc::clone(&place);
            thread::spawn(move || {
                place.shelf.purge("shop", 0, &Purge::Target(&key("/a")), PurgeMode::Hard, 0);
                let (headers, asked) = (HeaderMap::new(), place.shelf.order());
                let question = Question {
                    key: &key("/a"),
                    role: &ROLE,
                    headers: &headers,
                    vary: &[],
                    ancestors: &[],
                    asked,
                    at_ms: 0,
                };
                match place.flights.join(&question, &place.shelf) {
                    Joined::Follows(flight, _waiting) => match block_on(flight.told()) {
                        Phase::Coming(landing) => !landing.fits(&question, &place.shelf),
                        _ => true,
                    },
                    Joined::Leads(_) => true,
                    Joined::Alone | Joined::Ancestor => false,
                }
            })
        };
        let stream = Stream::new(u64::MAX, None, place.shelf.room());
        let landing = Landing { head: head(), range: None, stream, began: began.clone() };
        lead.coming(Arc::new(landing));
        assert!(after.join().unwrap());
        drop((lead, began, pending));
        place.is_empty();
    });
}
