//! What handlers say to the cache, as the runtime reads it.

use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode, header};
use selvedge::{
    Cache, Refusal,
    cache::{Act, Candidate, Collapsing, Decided, OnError, Storing, Suggestion},
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn what_is_said_adds_up_and_a_pass_stays_one() {
    let said = Cache::Inherit
        .stale_while_revalidate(seconds(1))
        .stale_if_error(seconds(2))
        .surrogate_key("a")
        .surrogate_keys(["b", "c"])
        .lookup_timeout(seconds(3))
        .without_collapsing();
    let Cache::Override(said) = said else { unreachable!("an override") };
    assert_eq!(said.lifetime(), None);
    assert_eq!(said.stale_while_revalidate(), Some(seconds(1)));
    assert_eq!(said.stale_if_error(), Some(seconds(2)));
    assert_eq!(said.lookup_timeout(), Some(seconds(3)));
    assert_eq!(said.collapsing(), Collapsing::Off);
    let keys: Vec<&str> = said.surrogate_keys().unwrap().iter().map(|key| key.as_str()).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    assert_eq!(Cache::Pass.surrogate_key("a").stale_if_error(seconds(1)), Cache::Pass);
    let Cache::Override(said) = Cache::ttl(seconds(9)) else { unreachable!("an override") };
    assert_eq!((said.lifetime(), said.collapsing()), (Some(seconds(9)), Collapsing::On));
}

#[test]
fn one_bad_surrogate_key_among_good_ones_is_an_error_that_says_which_rule() {
    let Cache::Override(said) = Cache::Inherit.surrogate_keys(["good", "a b", "fine"]) else {
        unreachable!("an override")
    };
    let error = said.surrogate_keys().unwrap_err();
    assert_eq!(error.refusal(), Refusal::SurrogateKeyInvalid);
    assert!(error.chain().contains("position 2"), "{}", error.chain());
}

fn candidate(status: u16, lines: &[(&'static str, &'static str)]) -> Candidate {
    let headers: HeaderMap = lines
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
        .collect();
    let suggested = Suggestion {
        storable: Err("private"),
        ttl: seconds(60),
        age: seconds(5),
        stale_while_revalidate: seconds(1),
        stale_if_error: seconds(2),
        act: Act::Insert,
        on_error: OnError::Fail,
    };
    Candidate::new(StatusCode::from_u16(status).unwrap(), headers, suggested)
}

#[test]
fn a_candidate_is_as_suggested_until_the_handler_decides() {
    let mut candidate = candidate(200, &[]);
    assert_eq!((candidate.ttl(), candidate.is_stale()), (seconds(60), false));
    assert_eq!(candidate.why_not_cacheable(), Some("private"));
    candidate.set_ttl(Duration::ZERO);
    candidate.set_stale_while_revalidate(seconds(7));
    candidate.set_stale_if_error(seconds(8));
    assert!(candidate.is_stale());
    assert_eq!(candidate.stale_while_revalidate(), seconds(7));
    assert_eq!(candidate.stale_if_error(), seconds(8));
    assert!(!candidate.is_cacheable());
    candidate.set_cacheable();
    assert!(candidate.is_cacheable());
    candidate.set_uncacheable(false);
    let decided = candidate.into_parts().decided;
    assert_eq!(decided.storing, Storing::RefuseUnmarked);
    assert_eq!(decided.ttl, Some(Duration::ZERO));
}

#[test]
fn a_candidate_that_was_left_alone_has_nothing_decided() {
    let parts = candidate(404, &[("vary", "accept")]).into_parts();
    assert_eq!((parts.status.as_u16(), parts.decided), (404, Decided::default()));
    assert!(parts.transform.is_none() && parts.headers.contains_key("vary"));
}

#[test]
fn a_304_and_a_206_keep_their_status_and_no_other_response_becomes_one() {
    for (from, to, then) in
        [(304, 200, 304), (206, 200, 206), (200, 304, 200), (200, 206, 200), (200, 404, 404)]
    {
        let mut candidate = candidate(from, &[]);
        candidate.set_status(StatusCode::from_u16(to).unwrap());
        assert_eq!(candidate.status().as_u16(), then, "{from} to {to}");
    }
}

#[test]
fn vary_is_read_from_every_line_and_replaced_as_a_whole() {
    let mut candidate = candidate(200, &[("vary", "Accept, *,"), ("vary", " x-a ,not a name")]);
    let names = |candidate: &Candidate| {
        candidate.vary().iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&candidate), ["accept", "x-a"]);
    candidate.append_vary(header::ACCEPT);
    candidate.append_vary(header::COOKIE);
    assert_eq!(names(&candidate), ["accept", "x-a", "cookie"]);
    candidate.set_vary([header::ACCEPT_LANGUAGE]);
    assert_eq!(names(&candidate), ["accept-language"]);
    assert_eq!(candidate.headers().get_all("vary").iter().count(), 1);
}

#[test]
fn surrogate_keys_that_are_none_are_left_out_when_read_and_refused_when_set() {
    let mut candidate = candidate(200, &[("surrogate-key", "a  b"), ("surrogate-key", "c")]);
    let keys = |candidate: &Candidate| {
        candidate.surrogate_keys().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(keys(&candidate), ["a", "b", "c"]);
    let error = candidate.set_surrogate_keys(["x", ""]).unwrap_err();
    assert_eq!(error.refusal(), Refusal::SurrogateKeyInvalid);
    assert_eq!(keys(&candidate), ["a", "b", "c"]);
    candidate.set_surrogate_keys(["x"]).unwrap();
    assert_eq!(keys(&candidate), ["x"]);
    candidate.set_surrogate_keys([""; 0]).unwrap();
    assert_eq!(keys(&candidate), [""; 0]);
}
