//! What selects among variants and keys: a request always matches what was stored for it, and normal forms are final.

use http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, COOKIE, VARY};
use http::{HeaderMap, HeaderName};
use selvedge_cache::normal::normal_form;
use selvedge_cache::vary::add_names;
use selvedge_cache::{Key, KeyRules, Variant};

use super::{Input, joined, one};
use crate::support::headers;

pub(super) fn accept_encoding(input: &Input) {
    normal(input, &ACCEPT_ENCODING);
}

pub(super) fn accept_language(input: &Input) {
    normal(input, &ACCEPT_LANGUAGE);
}

fn normal(input: &Input, name: &HeaderName) {
    let request = input.field(name);
    let vary = HeaderMap::from_iter([(VARY, name.clone().into())]);
    let variant = Variant::of(&vary, &request).expect("a field name");
    assert!(variant.matches(&request) && !variant.matches(&HeaderMap::new()));
    if let Some(form) = normal_form(name, &joined(&request, name)) {
        assert_eq!(normal_form(name, &form).as_ref(), Some(&form));
        let usual = one(name.clone(), &form);
        assert!(variant.matches(&usual));
        let other = Variant::of(&vary, &usual).expect("a field name");
        assert!(other.matches(&request) && other == variant);
    }
}

pub(super) fn vary(input: &Input) {
    let mut response = input.field(VARY);
    let request = headers(&["Accept: a, b", "Accept-Encoding: gzip", "Cookie: c=1", "X: "]);
    let Ok(variant) = Variant::of(&response, &request) else {
        return assert!(Variant::of(&response, &HeaderMap::new()).is_err());
    };
    assert!(variant.matches(&request));
    let names: Vec<&HeaderName> = variant.names().collect();
    assert!(names.is_sorted_by(|a, b| a.as_str() < b.as_str()));
    assert_eq!(
        names.contains(&&ACCEPT),
        !variant.matches(&headers(&["Accept: b", "Cookie: c=1", "Accept-Encoding: gzip", "X: "]))
    );
    add_names(&mut response, &[ACCEPT]);
    let more = Variant::of(&response, &request).expect("a name was added");
    assert!(more.names().any(|name| *name == ACCEPT) && more.matches(&request));
}

/// Different values never make the same key.
pub(super) fn cookie(input: &Input) {
    let rules =
        KeyRules { add_cookies: vec!["a".to_owned(), "b".to_owned()], ..KeyRules::default() };
    let request = input.field(COOKIE);
    let added = rules.additions(&request);
    is_plain(&added);
    let mut more = request.clone();
    more.append(COOKIE, "b=more".parse().expect("a field value"));
    assert_ne!(rules.additions(&more), added);
    same_target(&rules, &request);
}

pub(super) fn key_header(input: &Input) {
    let rules = KeyRules { add_headers: vec![ACCEPT, ACCEPT_ENCODING], ..KeyRules::default() };
    let request = input.field(ACCEPT);
    is_plain(&rules.additions(&request));
    assert_ne!(rules.additions(&request), rules.additions(&input.field(ACCEPT_ENCODING)));
    same_target(&rules, &request);
}

fn is_plain(added: &str) {
    assert!(added.starts_with(' ') && added.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
}

fn same_target(rules: &KeyRules, request: &HeaderMap) {
    let (with, without) = (
        Key::with_rules("shop", "shop.localhost", "/a?b", rules, request),
        Key::new("shop", "shop.localhost", "/a?b"),
    );
    assert!(with.same_target(&without) && with != without);
}
