//! Small graphs, written as `a>b b>c`.

use super::*;

/// A graph from its edges; a word without `>` is a service that calls nobody.
fn graph(text: &str) -> ChainGraph {
    let name = |text: &str| ServiceName::new(text).expect("name");
    let mut calls: BTreeMap<ServiceName, BTreeSet<ServiceName>> = BTreeMap::new();
    for word in text.split_whitespace() {
        let (from, to) = word.split_once('>').unwrap_or((word, ""));
        calls.entry(name(from)).or_default();
        if !to.is_empty() {
            calls.entry(name(to)).or_default();
            calls.entry(name(from)).or_default().insert(name(to));
        }
    }
    ChainGraph { calls }
}

fn joined(names: &[ServiceName]) -> String {
    names.iter().map(ServiceName::as_str).collect::<Vec<_>>().join(">")
}

#[test]
fn cycles() {
    let cases = [
        ("", ""),
        ("a>b b>c", ""),
        ("a>a", "a"),
        ("a>b b>a", "a>b"),
        ("a>b b>c c>a c>d", "a>b>c"),
        ("b>c c>b a>b", "b>c"),
        ("a>a a>b b>a", "a a>b"),
        ("a>b b>c c>d d>a b>a", "a>b"),
        ("a>b b>a c>d d>c", "c>d a>b"),
    ];
    for (text, expected) in cases {
        let mut found: Vec<String> = graph(text).cycles().iter().map(|c| joined(c)).collect();
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "for `{text}`");
    }
}

#[test]
fn longest_chain() {
    let cases = [
        ("", ""),
        ("a", "a"),
        ("a b", "a"),
        ("a>b b>c a>c", "a>b>c"),
        ("a>b c>d d>e", "c>d>e"),
        ("a>a", "a"),
        ("a>b b>a b>c", "a>b>c"),
        ("a>z a>b b>c", "a>b>c"),
    ];
    for (text, expected) in cases {
        assert_eq!(joined(&graph(text).longest()), expected, "for `{text}`");
    }
}

#[test]
fn purge_goes_from_origin_to_client() {
    let cases = [
        ("a>b b>c", "c>b>a"),
        ("c>b b>a", "a>b>c"),
        ("a>c b>c", "c>a>b"),
        ("a>b b>a b>c z>a", "c>a>b>z"),
    ];
    for (text, expected) in cases {
        let order = graph(text).purge_order();
        for (from, to) in graph(text).edges() {
            let place = |name| order.iter().position(|other| other == name);
            let cyclic = graph(text).cycles().concat();
            let both = cyclic.contains(from) && cyclic.contains(to);
            assert!(both || place(to) < place(from), "{to} before {from} in `{text}`");
        }
        let found: BTreeSet<_> = order.iter().collect();
        assert_eq!(found.len(), order.len());
        assert_eq!(joined(&order), expected, "for `{text}`");
    }
}

#[test]
fn a_long_chain_needs_no_stack() {
    let edges: Vec<String> = (0..20_000).map(|n| format!("s{n}>s{}", n + 1)).collect();
    let graph = graph(&edges.join(" "));
    assert_eq!(graph.longest().len(), 20_001);
    assert!(graph.cycles().is_empty());
}

#[test]
fn urls_enter_by_host_and_port() {
    let cases = [
        ("service = 'b'", "a>b"),
        ("url = 'http://B.test'\noverride_host = 'b.test'", "a>b"),
        ("url = 'https://b.test'\noverride_host = 'b.test:443'", "a>b"),
        ("url = 'http://b.test:7676'\noverride_host = 'b.test'", "a>b"),
        ("url = 'http://b.test:9000'\noverride_host = 'b.test'", ""),
        ("url = 'http://b.test'", "a>a"),
        ("url = 'http://b.test'\noverride_host = 'elsewhere.test'", ""),
        ("url = 'http://127.0.0.1'\noverride_host = 'b.test'", ""),
        ("url = 'http://localhost'\noverride_host = 'b.test'", ""),
        ("url = 'http://origin.test'\noverride_host = 'b.test'", ""),
    ];
    for (backend, expected) in cases {
        let text = format!(
            "manifest_version = 1\nname = 'x'\n[pops.LHR]\n\
             [services.a]\ntype = 'compute'\nhandler = 'a'\ndomains = ['a.test']\n\
             [services.b]\ntype = 'compute'\nhandler = 'b'\n\
             domains = ['b.test', '127.0.0.1', 'localhost']\n\
             [services.a.backends.x]\n{backend}\n"
        );
        let (manifest, problems) = Manifest::parse(&text);
        let manifest = manifest.unwrap_or_else(|| panic!("{}", problems.render("edge.toml")));
        let graph = ChainGraph::of(&manifest);
        let edges: Vec<String> = graph.edges().map(|(from, to)| format!("{from}>{to}")).collect();
        assert_eq!(edges.join(" "), expected, "for `{backend}`");
    }
}
