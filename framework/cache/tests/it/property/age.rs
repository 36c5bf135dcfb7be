//! `Age`, as it is sent, never decreases while an object lives. A validation begins a new life, whose age is no less than
//! its own `Date` and `Age` say; a HEAD that was made earlier does not.

use http::header::{AGE, DATE, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::receive::{Exchange, Received, receive, receive_head};
use selvedge_cache::when::format_http_date;
use selvedge_cache::{
    Entry, NoStore, Override, Policy, RequestView, ResponseView, StoredHead, Times, answer,
    storable,
};

use crate::support::{body, headers};

const NOW: u64 = 784_111_777_000;

/// What happens next: time passes, a 304 or the answer to a HEAD comes after a delay.
#[derive(Debug, Clone)]
enum Event {
    Wait(u64),
    NotModified(Said),
    Head(Said),
}

/// An `Age` beside the `Date`, the directives, and how long the exchange takes in milliseconds.
#[derive(Debug, Clone)]
struct Said {
    age: Option<u64>,
    control: &'static str,
    delay_ms: u64,
}

fn said() -> impl Strategy<Value = Said> {
    let control = ["max-age=60", "max-age=0", "no-cache", "no-store", "s-maxage=5"];
    (prop::option::of(0u64..200), prop::sample::select(control.to_vec()), 0u64..5_000)
        .prop_map(|(age, control, delay_ms)| Said { age, control, delay_ms })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => (0u64..5_000).prop_map(Event::Wait),
        1 => said().prop_map(Event::NotModified),
        1 => said().prop_map(Event::Head),
    ]
}

/// The headers of an answer that was made at `date_ms`.
fn response(said: &Said, date_ms: u64) -> HeaderMap {
    let mut all = headers(&["ETag: \"a\"", &format!("Cache-Control: {}", said.control)]);
    all.insert(DATE, HeaderValue::from_str(&format_http_date(date_ms)).expect("a date"));
    all.extend(said.age.map(|age| (AGE, HeaderValue::from(age))));
    all
}

struct Life {
    entry: Entry,
    date_ms: u64,
    now_ms: u64,
    over: Override,
}

impl Life {
    fn begin(said: &Said, date_ms: u64, over: Override) -> Result<Self, NoStore> {
        let now_ms = NOW + said.delay_ms;
        let (all, none) = (response(said, date_ms), HeaderMap::new());
        let request = RequestView { method: &Method::GET, headers: &none };
        let view = ResponseView { status: StatusCode::OK, headers: &all };
        let times = Times { requested_at_ms: NOW, received_at_ms: now_ms };
        let fresh = storable(&request, &view, &Policy::rfc(), &over, times)?;
        let head =
            StoredHead::new(&request, &view, fresh, now_ms).map_err(|_| NoStore::VaryStar)?;
        Ok(Self { entry: Entry::new(head, body(b"01234")), date_ms, now_ms, over })
    }

    fn age(&self, entry: &Entry) -> u64 {
        let answer = answer(entry, &Method::GET, &HeaderMap::new(), self.now_ms);
        answer.headers[AGE].to_str().expect("digits").parse().expect("a number")
    }

    /// What answers after the event, and whether it lives on: what must not be kept answers once.
    fn after(&mut self, event: &Event) -> (Entry, bool) {
        let (said, is_head) = match event {
            Event::Wait(ms) => {
                self.now_ms += ms;
                return (self.entry.clone(), true);
            }
            Event::NotModified(said) => (said, false),
            Event::Head(said) => (said, true),
        };
        let requested_at_ms = self.now_ms;
        self.now_ms += said.delay_ms;
        let times = Times { requested_at_ms, received_at_ms: self.now_ms };
        if is_head { self.head(said, times) } else { self.not_modified(said, times) }
    }

    /// By its `Date`, each answer was made before what is stored.
    fn earlier_ms(&mut self) -> u64 {
        self.date_ms -= 1000;
        self.date_ms
    }

    fn not_modified(&mut self, said: &Said, times: Times) -> (Entry, bool) {
        let (all, none) = (response(said, self.earlier_ms()), HeaderMap::new());
        let candidates = [self.entry.clone()];
        let exchange = exchange(&none, &candidates, &self.over, times);
        let view = ResponseView { status: StatusCode::NOT_MODIFIED, headers: &all };
        let Received::Renewed(mut renewed) = receive(&exchange, &view) else {
            panic!("the tag is the same")
        };
        let renewed = renewed.remove(0);
        self.entry = renewed.entry;
        (self.entry.clone(), renewed.keep.is_ok())
    }

    fn head(&mut self, said: &Said, times: Times) -> (Entry, bool) {
        let (all, none) = (response(said, self.earlier_ms()), HeaderMap::new());
        let stored = [self.entry.clone()];
        let exchange = exchange(&none, &[], &self.over, times);
        let view = ResponseView { status: StatusCode::OK, headers: &all };
        let updated = receive_head(&exchange, &view, &stored).remove(0);
        self.entry = updated;
        (self.entry.clone(), true)
    }
}

fn exchange<'a>(
    none: &'a HeaderMap,
    candidates: &'a [Entry],
    over: &'a Override,
    times: Times,
) -> Exchange<'a> {
    const POLICY: &Policy = &Policy::rfc();
    let request = RequestView { method: &Method::GET, headers: none };
    Exchange { request, candidates, policy: POLICY, over, times }
}

proptest! {
    #[test]
    fn age_never_decreases(
        first in said(),
        made_before_ms in -20_000i64..20_000,
        ttl in prop::option::of(0u64..60),
        events in prop::collection::vec(event(), 1..12),
    ) {
        let date_ms = NOW.saturating_add_signed(-made_before_ms);
        let over = Override { ttl: ttl.map(std::time::Duration::from_secs), ..Override::default() };
        let Ok(mut life) = Life::begin(&first, date_ms, over) else { return Ok(()) };
        let mut last = life.age(&life.entry);
        for event in events {
            let (entry, lives) = life.after(&event);
            let age = life.age(&entry);
            match &event {
                Event::NotModified(said) => {
                    let by_date = life.now_ms.saturating_sub(life.date_ms) / 1000;
                    prop_assert!(age >= by_date.max(said.age.unwrap_or(0)), "{} by {:?}", age, event);
                }
                Event::Wait(_) | Event::Head(_) => {
                    prop_assert!(age >= last, "{} after {} by {:?}", age, last, event);
                }
            }
            if !lives {
                break;
            }
            last = age;
            if let (Some(ttl), Event::NotModified(_)) = (over.ttl, &event) {
                prop_assert!(entry.head.ttl_ms(life.now_ms) <= ttl.as_millis() as i64);
            }
        }
    }
}
