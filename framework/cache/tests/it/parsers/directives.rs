//! Directives of requests and responses: numbers have bounds, nothing hides what follows, more lines mean less life.

use http::HeaderName;
use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, PRAGMA};
use selvedge_cache::targeted::targeted;
use selvedge_cache::when::MAX_SECONDS;
use selvedge_cache::{CacheControl, MaxStale, Policy, RequestDirectives, SurrogateControl};
use sfv::{Dictionary, FieldType, Parser};

use super::{Input, joined, one};

const TARGETED: HeaderName = HeaderName::from_static("cdn-cache-control");
const LISTENING: Policy = Policy { request_directives: true, ..Policy::rfc() };

pub(super) fn cache_control(input: &Input) {
    let mut headers = input.field(CACHE_CONTROL);
    let once = CacheControl::parse(&headers, CACHE_CONTROL);
    assert!(is_bounded(&once));
    twice(&headers, &once);
    headers
        .append(CACHE_CONTROL, HeaderValue::from_static("max-age=0, no-store, no-cache, private"));
    let more = CacheControl::parse(&headers, CACHE_CONTROL);
    assert!(more.no_store && more.no_cache && more.private);
    assert_eq!(more.max_age.lifetime_ms(), Some(0));
}

/// Saying everything again says nothing new.
fn twice(headers: &HeaderMap, once: &CacheControl) {
    let lines = headers.iter().chain(headers).map(|(name, line)| (name.clone(), line.clone()));
    let mut twice = CacheControl::parse(&lines.collect(), CACHE_CONTROL);
    twice.withheld.truncate(once.withheld.len());
    assert_eq!(&twice, once);
}

pub(super) fn surrogate_control(input: &Input) {
    let mut headers = input.field(HeaderName::from_static("surrogate-control"));
    let field = SurrogateControl::parse(&headers);
    assert!(field.is_none_or(|field| is_bounded(field.directives())));
    headers.append("surrogate-control", HeaderValue::from_static("no-store"));
    let field = SurrogateControl::parse(&headers).expect("it speaks of caching");
    assert!(field.directives().no_store);
}

pub(super) fn targeted_field(input: &Input) {
    let headers = input.field(TARGETED);
    let said = targeted(&headers);
    let dictionary = Parser::new(&joined(&headers, TARGETED)).parse::<Dictionary>().ok();
    let printed = dictionary.and_then(|dictionary| dictionary.serialize());
    assert_eq!(said.is_some(), printed.is_some(), "an empty field is as good as none");
    if let (Some(said), Some(printed)) = (said, printed) {
        assert!(is_bounded(&said));
        assert_eq!(targeted(&one(TARGETED, printed.as_bytes())), Some(said));
    }
}

pub(super) fn request_cache_control(input: &Input) {
    let mut headers = input.field(CACHE_CONTROL);
    let said = RequestDirectives::of(&headers, &LISTENING);
    let longest =
        [said.max_age, said.min_fresh, within(said.max_stale)].into_iter().flatten().max();
    assert!(longest.is_none_or(|longest| longest.as_secs() <= MAX_SECONDS));
    let unheard = RequestDirectives { no_store: said.no_store, ..RequestDirectives::default() };
    assert_eq!(RequestDirectives::of(&headers, &Policy::rfc()), unheard);
    headers.append(CACHE_CONTROL, HeaderValue::from_static("no-cache, only-if-cached, max-age=0"));
    let more = RequestDirectives::of(&headers, &LISTENING);
    assert!(more.no_cache && more.only_if_cached && more.max_age.is_some_and(|age| age.is_zero()));
}

pub(super) fn pragma(input: &Input) {
    let mut headers = input.field(PRAGMA);
    let no_cache = RequestDirectives::of(&headers, &LISTENING).no_cache;
    let only = RequestDirectives { no_cache, ..RequestDirectives::default() };
    assert_eq!(RequestDirectives::of(&headers, &LISTENING), only);
    headers.append(CACHE_CONTROL, HeaderValue::from_static("x"));
    assert_eq!(RequestDirectives::of(&headers, &LISTENING), RequestDirectives::default());
}

fn within(max_stale: MaxStale) -> Option<std::time::Duration> {
    match max_stale {
        MaxStale::Within(limit) => Some(limit),
        MaxStale::Unwanted | MaxStale::Any => None,
    }
}

fn is_bounded(control: &CacheControl) -> bool {
    let CacheControl { max_age, s_maxage, stale_while_revalidate, stale_if_error, .. } = control;
    let all = [max_age, s_maxage, stale_while_revalidate, stale_if_error];
    all.iter().filter_map(|delta| delta.lifetime_ms()).all(|ms| ms <= MAX_SECONDS * 1000)
}
