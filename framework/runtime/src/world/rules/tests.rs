use http::{HeaderMap, Method, Uri};
use selvedge_cache::key::Key;
use selvedge_model::manifest::{Manifest, ServiceKind};

use super::{Facts, Rules};

/// The rules of a manifest's one service.
fn rules(text: &str) -> Rules {
    let manifest = format!(
        "manifest_version = 1\nname = \"rules\"\n[pops.LHR]\n[services.s]\ntype = \"delivery\"\n\
         domains = [\"s.localhost\"]\nbackends.o.url = \"http://o.example\"\n{text}"
    );
    let (manifest, problems) = Manifest::parse(&manifest);
    let Some(manifest) = manifest else { panic!("{}", problems.render("edge.toml")) };
    match &manifest.services["s"].kind {
        ServiceKind::Delivery { rules, .. } => Rules::of(rules),
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
        assert_eq!(with(target, |facts| rules.collapse(facts)), collapsed, "{target}");
    }
}

/// The targets of every key that requests for `/list?b=1&a=2` may have.
fn targets(text: &str) -> Vec<String> {
    let rules = rules(text);
    with("/list?b=1&a=2", |facts| {
        let keys = rules.keys(facts).into_iter().map(|rules| match rules {
            Some(rules) => rules.target("/list?b=1&a=2").into_owned(),
            None => Key::new("", "", "/list?b=1&a=2").to_string(),
        });
        keys.collect()
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
        assert_eq!(targets(&text), expected, "{text}");
    }
}
