use std::sync::Arc;

use futures_util::FutureExt;
use http::{HeaderMap, HeaderName};
use selvedge_cache::{
    Purge, PurgeMode,
    collapse::{Lane, Role},
    shelf::{Order, PutOutcome},
};

use super::{
    sample::{Place, Task, VARIANT, asking_for, key},
    *,
};

const WHOLE: Role = Role::Leads(Lane { authorized: false, range: None });

fn join(place: &Place, path: &str, headers: &HeaderMap, vary: &[HeaderName]) -> Joined {
    join_under(place, path, headers, vary, &[], place.shelf.order())
}

fn join_under(
    place: &Place,
    path: &str,
    headers: &HeaderMap,
    vary: &[HeaderName],
    ancestors: &[FlightId],
    asked: Order,
) -> Joined {
    let key = key(path);
    let question = Question { key: &key, role: &WHOLE, headers, vary, ancestors, asked, at_ms: 0 };
    place.flights.join(&question, &place.shelf)
}

fn leads(joined: Joined) -> Lead {
    match joined {
        Joined::Leads(lead) => lead,
        _ => panic!("it does not lead"),
    }
}

fn follows(joined: Joined) -> (Arc<Flight>, Waiting) {
    match joined {
        Joined::Follows(flight, waiting) => (flight, waiting),
        _ => panic!("it does not follow"),
    }
}

#[test]
fn the_first_leads_and_the_others_follow() {
    let place = Place::new();
    let none = HeaderMap::new();
    let lead = leads(join(&place, "/a", &none, &[]));
    let (flight, _waiting) = follows(join(&place, "/a", &none, &[]));
    assert_eq!(flight.id(), lead.id());
    let other = leads(join(&place, "/b", &none, &[]));
    assert_eq!(place.flights.count(), 2);
    assert!(flight.told().now_or_never().is_none());
    lead.end(Ended::Unshared);
    assert!(matches!(flight.told().now_or_never(), Some(Phase::Over(Ended::Unshared))));
    assert_eq!(place.flights.count(), 1);
    drop(other);
    assert_eq!(place.flights.count(), 0);
}

#[test]
fn known_variants_have_flights_of_their_own() {
    let place = Place::new();
    let (one, two) = (asking_for(1), asking_for(2));
    let lead = leads(join(&place, "/a", &one, &[]));
    let _ = follows(join(&place, "/a", &two, &[]));
    let vary = [VARIANT];
    let other = leads(join(&place, "/a", &two, &vary));
    let _ = follows(join(&place, "/a", &one, &vary));
    // Once its head is there it serves whom it fits, whatever was known before.
    lead.coming(place.landing(&one));
    let (flight, _waiting) = follows(join(&place, "/a", &two, &[]));
    assert_eq!(flight.id(), other.id());
}

#[test]
fn it_leaves_the_table_before_it_is_told() {
    let place = Place::new();
    let none = HeaderMap::new();
    let lead = leads(join(&place, "/a", &none, &[]));
    let (flight, _waiting) = follows(join(&place, "/a", &none, &[]));
    let flights = Arc::clone(&place.flights);
    let mut waits = Task::new(async move {
        let _ = flight.told().await;
        flights.count()
    });
    assert_eq!(waits.run(), None);
    drop(lead);
    assert_eq!(waits.run(), Some(0));
}

#[test]
fn what_was_told_is_told_once() {
    let place = Place::new();
    let none = HeaderMap::new();
    for (ended, dropped) in
        [(Some(Ended::Unshared), false), (Some(Ended::Failed(None)), false), (None, true)]
    {
        let lead = leads(join(&place, "/a", &none, &[]));
        let (flight, _waiting) = follows(join(&place, "/a", &none, &[]));
        match ended {
            Some(ended) => lead.end(ended),
            None => drop(lead),
        }
        let told = flight.told().now_or_never();
        assert_eq!(matches!(told, Some(Phase::Over(Ended::LeftOff))), dropped);
    }
}

#[test]
fn what_has_landed_is_given_to_those_who_were_late_to_hear_of_it() {
    let place = Place::new();
    let none = asking_for(0);
    let lead = leads(join(&place, "/a", &none, &[]));
    let (flight, _waiting) = follows(join(&place, "/a", &none, &[]));
    let landing = place.landing(&none);
    lead.coming(Arc::clone(&landing));
    let _ = landing.stream.push(b"body");
    let body = landing.stream.take().unwrap();
    lead.end(Ended::Landed);
    landing.stream.complete(None);
    assert_eq!((body.len(), place.flights.count()), (4, 0));
    let Some(Phase::Coming(landing)) = flight.told().now_or_never() else { panic!("not told") };
    assert!(landing.stream.reader(0, None).is_some());
}

#[test]
fn what_broke_off_is_given_to_nobody_else() {
    let place = Place::new();
    let none = asking_for(0);
    let lead = leads(join(&place, "/a", &none, &[]));
    let (flight, _waiting) = follows(join(&place, "/a", &none, &[]));
    lead.coming(place.landing(&none));
    drop(lead);
    assert!(matches!(flight.told().now_or_never(), Some(Phase::Over(Ended::LeftOff))));
}

#[test]
fn nobody_waits_for_a_flight_that_it_descends_from() {
    let place = Place::new();
    let none = HeaderMap::new();
    let asked = place.shelf.order();
    let page = leads(join(&place, "/page", &none, &[]));
    let part = leads(join(&place, "/part", &none, &[]));
    let of_page = [page.id()];
    assert!(matches!(join_under(&place, "/page", &none, &[], &of_page, asked), Joined::Ancestor));
    let waits = follows(join_under(&place, "/part", &none, &[], &of_page, asked));
    let of_part = [part.id()];
    assert!(matches!(join_under(&place, "/page", &none, &[], &of_part, asked), Joined::Ancestor));
    drop(waits);
    let _ = follows(join_under(&place, "/page", &none, &[], &of_part, asked));
}

#[test]
fn what_began_before_a_purge_is_not_joined_after_it() {
    let place = Place::new();
    let none = asking_for(0);
    let before = place.shelf.order();
    let lead = leads(join(&place, "/a", &none, &[]));
    let began = place.shelf.begin();
    lead.coming(place.landing(&none));
    let key = key("/a");
    place.shelf.purge("shop", 0, &Purge::Target(&key), PurgeMode::Hard, 0);
    let younger = leads(join(&place, "/a", &none, &[]));
    // Who asked before the purge may still have it.
    let (flight, _waiting) = follows(join_under(&place, "/a", &none, &[], &[], before));
    assert_eq!(flight.id(), lead.id());
    let entry = selvedge_cache::Entry::new(super::sample::head(&none), Default::default());
    assert_eq!(place.shelf.put(key, entry, &began), PutOutcome::Purged);
    drop(younger);
}

#[test]
fn who_reads_what_comes_in_waits_for_it_to_the_end() {
    let place = Place::new();
    let none = HeaderMap::new();
    let asked = place.shelf.order();
    let page = leads(join(&place, "/page", &none, &[]));
    let part = leads(join(&place, "/part", &none, &[]));
    let (_, waiting) = follows(join_under(&place, "/part", &none, &[], &[page.id()], asked));
    let reading = waiting.while_read(selvedge::Response::new(selvedge::Body::empty()));
    let of_part = || join_under(&place, "/page", &none, &[], &[part.id()], asked);
    assert!(matches!(of_part(), Joined::Ancestor));
    drop(reading);
    assert!(matches!(of_part(), Joined::Follows(..)));
}
