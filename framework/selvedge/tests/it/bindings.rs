//! Config, secret and backend bindings, and how bindings are declared.

use std::sync::Arc;

use selvedge::{
    Binding, Refusal,
    model::{
        name::StoreKind,
        need::{ChainStores, NeedKind},
    },
    prelude::*,
};

use crate::edge::{Edge, get, text};

#[config_store("config")]
#[derive(Debug)]
struct Flags {
    greeting: String,
    #[config(default = 20)]
    page_size: u32,
    #[config(default = "none")]
    banner: String,
}

#[config_store("config")]
struct Config;

#[secret_store("secrets")]
#[derive(Debug)]
struct Secrets {
    api_token: Secret,
}

#[secret_store("secrets")]
#[derive(Clone, Debug)]
struct AnySecret;

#[backend("catalog", chain_auth(config = "config", secrets = "secrets"))]
#[derive(Clone, Debug)]
struct Catalog;

#[backend("dead")]
struct Dead;

fn bind<B: Binding>(edge: Edge) -> Result<B> {
    Arc::new(edge).ctx(&[B::NEED]).bind()
}

fn configured(items: &[(&'static str, &'static str)]) -> Edge {
    Edge { config: items.iter().copied().collect(), ..Edge::new() }
}

#[test]
fn fields_are_read_and_parsed() {
    let edge = configured(&[("greeting", "hello"), ("page_size", "50")]);
    let flags: Flags = bind(edge).unwrap();
    assert_eq!((flags.greeting.as_str(), flags.page_size), ("hello", 50));
    assert_eq!(flags.banner, "none");
    let flags: Flags = bind(configured(&[("greeting", "")])).unwrap();
    assert_eq!((flags.greeting.as_str(), flags.page_size), ("", 20));
}

#[test]
fn what_lacks_or_does_not_parse_is_named() {
    let error = bind::<Flags>(configured(&[])).unwrap_err();
    assert_eq!(error.refusal(), Refusal::ItemMissing);
    assert_eq!(error.detail(), "config store `config` has no item `greeting`");

    let error = bind::<Flags>(configured(&[("greeting", ""), ("page_size", "x")])).unwrap_err();
    assert_eq!(error.refusal(), Refusal::ItemUnparsable);
    assert!(error.detail().starts_with("`page_size` in config store `config` is no `u32`"));

    let error = bind::<Secrets>(Edge::new()).unwrap_err();
    assert_eq!(error.refusal(), Refusal::ItemMissing);
    assert_eq!(error.detail(), "secret store `secrets` has no item `api_token`");
}

#[test]
fn unit_structs_read_any_item() {
    let config: Config = bind(configured(&[("a", "1")])).unwrap();
    assert_eq!(config.get("a").unwrap().as_deref(), Some("1"));
    assert_eq!(config.get("b").unwrap(), None);
    assert_eq!(config.link(), "config");
}

#[test]
fn secrets_do_not_print() {
    let edge = || Edge { secrets: [("api_token", "hunter2")].into(), ..Edge::new() };
    let secrets: Secrets = bind(edge()).unwrap();
    assert_eq!(secrets.api_token.plaintext(), b"hunter2");
    assert_eq!(format!("{secrets:?}"), "Secrets { api_token: Secret(hidden) }");
    let any: AnySecret = bind(edge()).unwrap();
    assert_eq!(any.get("api_token").unwrap().unwrap().plaintext(), b"hunter2");
    assert!(any.get("none").unwrap().is_none());
    assert!(!format!("{any:?}").contains("hunter2"));
}

#[test]
fn bindings_say_what_they_need() {
    assert_eq!(Flags::NEED.kind, NeedKind::Store(StoreKind::Config));
    assert_eq!(AnySecret::NEED.kind, NeedKind::Store(StoreKind::Secret));
    let stores = ChainStores { config: "config", secrets: "secrets" };
    assert_eq!(Catalog::NEED.kind, NeedKind::Backend { chain_auth: Some(stores) });
    assert_eq!((Catalog::NEED.name, Dead::NEED.name), ("catalog", "dead"));
}

#[test]
fn an_undeclared_binding_is_refused_by_name() {
    let edge = Arc::new(Edge::new());
    let error = edge.ctx(&[Flags::NEED]).bind::<Catalog>().unwrap_err();
    assert_eq!(error.refusal(), Refusal::BindingUndeclared);
    assert!(error.detail().contains("`catalog`"), "{error}");
}

#[tokio::test]
async fn a_backend_gets_what_was_sent_with_its_cache_choice() {
    let edge = Arc::new(Edge::new());
    let catalog: Catalog = edge.ctx(&[Catalog::NEED]).bind().unwrap();
    let response = catalog.send(get("/a").cache(Cache::Pass)).await.unwrap();
    assert_eq!(text(response).await, "sent");
    catalog.get("/b?c=d").await.unwrap();
    assert_eq!(edge.acts(), ["send catalog GET /a Pass", "send catalog GET /b?c=d Inherit"]);
    assert_eq!(catalog.name(), "catalog");
}

#[tokio::test]
async fn what_is_no_path_is_not_sent() {
    let edge = Arc::new(Edge::new());
    let catalog: Catalog = edge.ctx(&[Catalog::NEED]).bind().unwrap();
    for path in ["", "a", "http://elsewhere/", "//\n", "/a b"] {
        let error = catalog.get(path).await.unwrap_err();
        assert_eq!(error.refusal(), Refusal::RequestInvalid, "{path:?}");
    }
    assert!(edge.acts().is_empty());
}

#[tokio::test]
async fn no_response_is_a_named_refusal() {
    let dead: Dead = bind(Edge::new()).unwrap();
    let error = dead.get("/").await.unwrap_err();
    assert_eq!(error.refusal(), Refusal::ConnectionRefused);
}
