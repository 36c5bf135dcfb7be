//! What keeps an edge from starting, every reason at once.

use selvedge::{
    Service,
    model::{
        name::StoreKind,
        need::{Need, NeedKind},
    },
};
use selvedge_testkit::Edge;

const MANIFEST: &str = r#"
manifest_version = 1
name = "startup"
[pops.LHR]
[kv_stores.users-store]
[services.front]
type = "compute"
handler = "front"
domains = ["front.localhost"]
links = { users = { kv_store = "users-store" } }
[services.other]
type = "compute"
handler = "othr"
domains = ["other.localhost"]
"#;

fn service(name: &'static str, needs: Vec<Need>) -> Service {
    Service::new(name, axum::Router::new(), needs)
}

fn need(kind: StoreKind, name: &'static str) -> Need {
    Need { kind: NeedKind::Store(kind), name }
}

#[tokio::test]
async fn missing_handlers_and_unmet_needs_are_listed_together() {
    let needs = vec![
        need(StoreKind::Kv, "users"),
        need(StoreKind::Kv, "user"),
        need(StoreKind::Config, "users"),
        Need { kind: NeedKind::Backend { chain_auth: None }, name: "catalog" },
    ];
    let start = Edge::from_toml(MANIFEST)
        .service(service("front", needs))
        .service(service("other", vec![]))
        .try_start();
    let Err(error) = start.await else { panic!("it started") };
    let text = error.to_string();
    for expected in ["`user`", "config store", "`catalog`", "`othr`", "did you mean `other`"] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert_eq!(error.0.len(), 4, "{text}");
}

#[tokio::test]
async fn an_unset_variable_names_store_item_and_variable() {
    let manifest = MANIFEST.replace(
        "[services.front]",
        "[secret_stores.keys]\nitems = [{ key = \"k\", env = \"NOT_SET\" }]\n[services.front]",
    );
    let start = Edge::from_toml(&manifest)
        .service(service("front", vec![]))
        .service(service("othr", vec![]))
        .try_start();
    let Err(error) = start.await else { panic!("it started") };
    let text = error.to_string();
    for expected in ["keys", "`k`", "NOT_SET"] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}
