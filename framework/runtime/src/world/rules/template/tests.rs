use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use super::super::tests::rules;
use crate::world::{Facts, Template};

/// What is known before the answer, and what is said of one without headers and of one with `x-esi`.
fn said(texts: &[&str]) -> (Template, bool, bool) {
    let text: String = texts.iter().map(|text| format!("[[services.s.rules]]\n{text}\n")).collect();
    let rules = rules(&text);
    let (uri, headers) = (Uri::from_static("/page"), HeaderMap::new());
    let matched = rules.match_request(&Facts {
        method: &Method::GET,
        host: "s.localhost",
        uri: &uri,
        headers: &headers,
        client: None,
    });
    let marked = HeaderMap::from_iter([("x-esi".parse().unwrap(), HeaderValue::from_static("1"))]);
    let is = |headers| rules.is_template(&matched, StatusCode::OK, headers);
    (rules.template(&matched), is(&headers), is(&marked))
}

#[test]
fn what_is_known_before_the_answer_agrees_with_what_is_said_of_it() {
    let (yes, no) = ("then.esi = true", "then.esi = false");
    let late_yes = "when.response_header = { x-esi = true }\nthen.esi = true";
    let late_no = "when.response_header = { x-esi = true }\nthen.esi = false";
    let elsewhere = "when.path = \"/other\"\nthen.esi = true";
    let other = "then.ttl = \"1m\"";
    for (texts, expected) in [
        (vec![], (Template::No, false, false)),
        (vec![other, elsewhere], (Template::No, false, false)),
        (vec![elsewhere, yes], (Template::Yes, true, true)),
        (vec![no, yes], (Template::No, false, false)),
        (vec![yes, no, late_no], (Template::Yes, true, true)),
        (vec![late_yes], (Template::Perhaps, false, true)),
        (vec![late_yes, no], (Template::Perhaps, false, true)),
        (vec![late_yes, yes], (Template::Perhaps, true, true)),
        (vec![late_no, yes], (Template::Perhaps, true, false)),
        (vec![late_no, late_yes], (Template::Perhaps, false, false)),
        (vec![late_no], (Template::No, false, false)),
        (vec![late_no, no, yes], (Template::No, false, false)),
    ] {
        assert_eq!(said(&texts), expected, "{texts:?}");
    }
}
