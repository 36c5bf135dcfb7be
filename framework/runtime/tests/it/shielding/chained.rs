//! Chaining with shielding: chain-first, shield-first, and what comes of two shields in different POPs.

use selvedge_model::manifest::Manifest;
use selvedge_testkit::{Edge, ok};

use super::{account, get_at, way};

/// Two services in a chain, with what the first and the second say of their backends.
fn chain(first: &str, second: &str) -> String {
    account(&format!(
        "[services.first]\ntype = \"delivery\"\ndomains = [\"first.localhost\"]\n\
         backends.second = {{ service = \"second\"{first} }}\n\
         [services.second]\ntype = \"delivery\"\ndomains = [\"second.localhost\"]\n\
         backends.origin = {{ url = \"http://origin.example\"{second} }}\n"
    ))
}

const IAD: &str = ", shield = \"IAD\"";
const FRA: &str = ", shield = \"FRA\"";

async fn edge(manifest: &str) -> Edge {
    let edge = Edge::from_toml(manifest).dev().start().await;
    let _ = edge.origin("second", "origin").on("/").reply(ok("page").max_age(60));
    edge
}

async fn visit(edge: &Edge, pop: &str) -> selvedge_testkit::Answer {
    let answer = get_at(edge, pop, "http://first.localhost/").await;
    assert_eq!(answer.text(), "page");
    answer
}

/// In how many POPs a service has a copy.
fn copies(edge: &Edge, service: &str) -> usize {
    let world = edge.world();
    let host = format!("{service}.localhost");
    let cached = &world.service_for_host(&host).unwrap().cached;
    let live = |shelf: &selvedge_cache::Shelf| shelf.live(cached.owner(), cached.generation());
    world.pops.iter().filter(|pop| live(&pop.shelf) > 0).count()
}

#[tokio::test]
async fn chain_first_runs_the_second_service_in_the_edge_and_at_its_shield() {
    let edge = edge(&chain("", IAD)).await;
    let answer = visit(&edge, "LHR").await;
    assert_eq!(way(&answer), ["second@IAD miss", "second@LHR miss", "first@LHR miss"]);
    assert_eq!(answer.header("x-served-by"), "cache-iad1-IAD, cache-lhr1-LHR, cache-lhr1-LHR");
    assert!(!answer.headers.contains_key("selvedge-flag"));
}

#[tokio::test]
async fn shield_first_runs_the_second_service_at_the_shield_only() {
    let edge = edge(&chain(IAD, "")).await;
    let answer = visit(&edge, "LHR").await;
    assert_eq!(way(&answer), ["second@IAD miss", "first@IAD miss", "first@LHR miss"]);
    assert_eq!(answer.header("x-served-by"), "cache-iad1-IAD, cache-iad1-IAD, cache-lhr1-LHR");
    assert!(!answer.headers.contains_key("selvedge-flag"));
}

#[tokio::test]
async fn shield_first_makes_fewer_copies() {
    for (manifest, in_pops) in [(chain("", IAD), 3), (chain(IAD, ""), 1), (chain("", ""), 3)] {
        let edge = edge(&manifest).await;
        for pop in ["LHR", "FRA", "IAD"] {
            visit(&edge, pop).await;
        }
        assert_eq!((copies(&edge, "second"), copies(&edge, "first")), (in_pops, 3));
    }
}

/// What the first POP may have, where each service caches other things.
#[tokio::test]
async fn chain_first_may_find_it_in_the_first_pop() {
    let off = |manifest: String| {
        manifest.replace("[\"first.localhost\"]\n", "[\"first.localhost\"]\ncache = \"off\"\n")
    };
    for (manifest, hops) in [(chain("", IAD), 2), (chain(IAD, ""), 3)] {
        let edge = edge(&off(manifest)).await;
        visit(&edge, "LHR").await;
        assert_eq!(visit(&edge, "LHR").await.hops.len(), hops);
    }
}

#[tokio::test]
async fn without_a_shield_each_pop_asks_the_origin() {
    for (manifest, count) in [(chain("", ""), 3), (chain("", IAD), 1), (chain(IAD, ""), 1)] {
        let edge = edge(&manifest).await;
        for pop in ["LHR", "FRA", "IAD"] {
            visit(&edge, pop).await;
        }
        assert_eq!(edge.origin("second", "origin").count(), count);
    }
}

#[tokio::test]
async fn two_shields_in_different_pops_are_flagged_and_warned_of() {
    let manifest = chain(IAD, FRA);
    let edge = edge(&manifest).await;
    let answer = visit(&edge, "LHR").await;
    assert_eq!(
        answer.header("x-served-by"),
        "cache-fra1-FRA, cache-iad1-IAD, cache-iad1-IAD, cache-lhr1-LHR"
    );
    assert_eq!(answer.header("selvedge-flag"), "three-pops");
    let flags: Vec<_> = answer.hops.iter().map(|hop| hop.flag.map(|flag| flag.as_str())).collect();
    assert_eq!(flags, [Some("three-pops"), None, None, None]);
    assert!(warnings(&manifest).contains("may pass three POPs"), "{}", warnings(&manifest));
    // Two where it enters at one of them.
    assert!(!visit(&edge, "IAD").await.headers.contains_key("selvedge-flag"));
}

#[tokio::test]
async fn one_shield_or_the_same_one_is_two_pops_again() {
    for manifest in [chain(IAD, IAD), chain("", FRA), chain(IAD, "")] {
        let edge = edge(&manifest).await;
        let answer = visit(&edge, "LHR").await;
        assert!(!answer.headers.contains_key("selvedge-flag"));
        assert!(!warnings(&manifest).contains("three POPs"));
    }
    let edge = edge(&chain(IAD, IAD)).await;
    let answer = visit(&edge, "LHR").await;
    assert_eq!(way(&answer), ["second@IAD miss", "first@IAD miss", "first@LHR miss"]);
}

#[tokio::test]
async fn in_production_nothing_is_said_of_it() {
    let edge = Edge::from_toml(&chain(IAD, FRA)).start().await;
    let _ = edge.origin("second", "origin").on("/").reply(ok("page").max_age(60));
    assert!(!visit(&edge, "LHR").await.headers.contains_key("selvedge-flag"));
}

fn warnings(manifest: &str) -> String {
    Manifest::parse(manifest).1.render("edge.toml")
}

const KEYS: &str = "[config_stores.settings]\ncontents = { edge_auth_secret_id = \"1\" }\n\
                    [secret_stores.keys]\nitems = [{ key = \"1\", data = \"secret\" }]\n";
const LINKS: &str =
    "links = { c = { config_store = \"settings\" }, s = { secret_store = \"keys\" } }\n";
const SIGNED: &str = ", chain_auth = { config = \"c\", secrets = \"s\" }";

/// A chain whose second service asks for one-time tokens.
fn guarded(first: &str, second: &str) -> String {
    let required = "require_chain_auth = { config = \"c\", secrets = \"s\" }\n";
    let domain = |name: &str| format!("domains = [\"{name}.localhost\"]\n");
    chain(&format!("{SIGNED}{first}"), second)
        .replace("[services.first]", &format!("{KEYS}[services.first]"))
        .replace(&domain("first"), &format!("{}{LINKS}", domain("first")))
        .replace(&domain("second"), &format!("{}{LINKS}{required}", domain("second")))
}

#[tokio::test]
async fn a_token_is_asked_for_where_a_service_is_entered_and_not_at_its_shield() {
    for (first, second) in [("", IAD), (IAD, ""), (IAD, IAD)] {
        let edge = edge(&guarded(first, second)).await;
        let answer = visit(&edge, "LHR").await;
        assert!(answer.hops.len() >= 3);
        let arrived = edge.origin("second", "origin").arrived().remove(0);
        assert!(!arrived.headers.contains_key("edge-auth"));
        let direct = get_at(&edge, "LHR", "http://second.localhost/").await;
        assert_eq!((direct.status.as_u16(), direct.hops.len()), (403, 1));
    }
}
