use http::{HeaderMap, Method, Uri};
use selvedge_model::manifest::{Manifest, ServiceKind};

use super::{Facts, Rules, Tally};

/// The rules of a manifest's one service.
pub(super) fn rules(text: &str) -> Rules {
    let manifest = format!(
        "manifest_version = 1\nname = \"rules\"\n[pops.LHR]\n[services.s]\ntype = \"delivery\"\n\
         domains = [\"s.localhost\"]\nbackends.o.url = \"http://o.example\"\n{text}"
    );
    let (manifest, problems) = Manifest::parse(&manifest);
    let Some(manifest) = manifest else { panic!("{}", problems.render("edge.toml")) };
    match &manifest.services["s"].kind {
        ServiceKind::Delivery { rules, .. } => Rules::of(rules, &Tally::default()),
        ServiceKind::Compute { .. } => panic!("the service has rules"),
    }
}

fn with<T>(target: &'static str, look: impl FnOnce(&Facts<'_>) -> T) -> T {
    let (uri, headers) = (Uri::from_static(target), HeaderMap::new());
    let (method, host) = (&Method::GET, "s.localhost");
    look(&Facts { method, host, uri: &uri, headers: &headers, client: None })
}

#[test]
fn misses_are_collapsed_unless_the_first_rule_that_says_so_says_no() {
    let rules = rules(
        "[[services.s.rules]]\nwhen.path = \"/never/but\"\nthen.collapse = true\n\
         [[services.s.rules]]\nwhen.path = \"/never/**\"\nthen.collapse = false\n",
    );
    for (target, collapsed) in [("/", true), ("/never/x", false), ("/never/but", true)] {
        let matched = with(target, |facts| rules.match_request(facts));
        assert_eq!(rules.collapse(&matched), collapsed, "{target}");
    }
}

/// Every name that requests for `/list?b=1&a=2` may have in the cache.
fn names(text: &str) -> Vec<String> {
    let rules = rules(text);
    with("/list?b=1&a=2", |facts| {
        let names = rules.addressed(facts).into_iter().map(|name| {
            let target = name.target.map_or("/list?b=1&a=2".to_owned(), |it| it.to_string());
            let key = name.key.map(|key| key.target(&target).into_owned());
            format!("{}{}", name.host.unwrap_or_default(), key.unwrap_or(target))
        });
        names.collect()
    })
}

#[test]
fn all_rules_for_keys_are_found_that_some_request_for_the_target_meets() {
    let rule =
        |when: &str, key: &str| format!("[[services.s.rules]]\n{when}\nthen.key = {{ {key} }}\n");
    let (sorted, bare) = ("sort_query = true", "ignore_query = true");
    let header = "when.header = { x = true }";
    let plain = "/list?b=1&a=2";
    for (text, expected) in [
        (String::new(), vec![plain]),
        (rule("", sorted), vec!["/list?a=2&b=1"]),
        (rule("when.path = \"/other\"", sorted), vec![plain]),
        (rule("when.query = { c = true }", sorted), vec![plain]),
        (rule(header, bare), vec!["/list", plain]),
        (rule("when.cookie = { x = \"1\" }", bare), vec!["/list", plain]),
        (rule("when.client = [\"10.0.0.0/8\"]", bare), vec!["/list", plain]),
        (rule(header, bare) + &rule("", sorted), vec!["/list", "/list?a=2&b=1"]),
        (rule("", sorted) + &rule(header, bare), vec!["/list?a=2&b=1"]),
    ] {
        assert_eq!(names(&text), expected, "{text}");
    }
}

#[test]
fn all_rewrites_are_found_that_some_request_for_the_target_meets() {
    let rule =
        |when: &str, then: &str| format!("[[services.s.rules]]\n{when}\nthen = {{ {then} }}\n");
    let (host, path) = ("rewrite_host = \"o.example\"", "rewrite_path = \"/v2\"");
    let strip = "rewrite_path = { strip = \"/list\", add = \"/all\" }";
    let header = "when.header = { x = true }";
    let (plain, other) = ("/list?b=1&a=2", "/v2?b=1&a=2");
    for (text, expected) in [
        (rule("", host), vec!["o.example/list?b=1&a=2"]),
        (rule("", path), vec![other]),
        (rule("", strip), vec!["/all?b=1&a=2"]),
        (rule(header, path), vec![other, plain]),
        (rule("when.method = [\"POST\"]", path), vec![plain]),
        (rule("when.method = [\"GET\", \"POST\"]", path), vec![other, plain]),
        (rule("when.host = \"other\"", path), vec![plain]),
        (rule(header, path) + &rule("", strip), vec![other, "/all?b=1&a=2"]),
        (rule(header, host) + &rule("", path), vec!["o.example/v2?b=1&a=2", "/v2?b=1&a=2"]),
    ] {
        assert_eq!(names(&text), expected, "{text}");
    }
}

#[test]
fn many_rules_are_told_apart() {
    let rule = |number: usize| {
        format!(
            "[[services.s.rules]]\nwhen.path = \"/{number}\"\nthen.rewrite_host = \"h{number}\"\n"
        )
    };
    let rules = rules(&(0..200).map(rule).collect::<String>());
    for number in [0, 63, 64, 127, 128, 199] {
        let uri: Uri = format!("/{number}").parse().unwrap();
        let (method, headers) = (&Method::GET, &HeaderMap::new());
        let facts = Facts { method, host: "s.localhost", uri: &uri, headers, client: None };
        let matched = rules.match_request(&facts);
        assert_eq!(rules.host(&matched), Some(format!("h{number}").as_str()));
    }
}

#[test]
fn a_rule_that_does_not_change_goes_on_counting() {
    let text = |second: &str| {
        format!(
            "[[services.s.rules]]\nthen.pass = true\n[[services.s.rules]]\nname = \"{second}\"\nthen.pass = true\n"
        )
    };
    let (tally, other) = (Tally::default(), rules(&text("other")));
    let said = |rules: &Rules| rules.rules.iter().map(|rule| rule.said.clone()).collect::<Vec<_>>();
    let before = Rules::of(&said(&rules(&text("two"))), &tally);
    with("/", |facts| before.count(&before.match_request(facts)));
    let hits = |rules: &Rules| rules.counted().iter().map(|rule| rule.hits).collect::<Vec<_>>();
    assert_eq!(hits(&Rules::of(&said(&before), &tally)), [1, 1]);
    assert_eq!(hits(&Rules::of(&said(&other), &tally)), [1, 0]);
    // It has not been there for a while.
    assert!(hits(&Rules::of(&[], &tally)).is_empty());
    assert_eq!(hits(&Rules::of(&said(&before), &tally)), [1, 1]);
    assert_eq!(hits(&Rules::of(&said(&before), &Tally::default())), [0, 0]);
}

#[test]
fn rules_that_say_the_same_count_apart() {
    let twice =
        rules("[[services.s.rules]]\nthen.pass = true\n[[services.s.rules]]\nthen.pass = true\n");
    let said: Vec<_> = twice.rules.iter().map(|rule| rule.said.clone()).collect();
    let tally = Tally::default();
    let rules = Rules::of(&said, &tally);
    rules.rules[1].hits.add();
    let again = Rules::of(&said, &tally);
    assert_eq!(again.counted().iter().map(|rule| rule.hits).collect::<Vec<_>>(), [0, 1]);
}
