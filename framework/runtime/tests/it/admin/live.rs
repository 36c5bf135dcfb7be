//! What a call changes is what code sees: contents at once, links with the version that is activated.

use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::Edge;

use super::{Node, node::TOKEN};

const MANIFEST: &str = r#"
manifest_version = 1
name = "live"
[pops.LHR]
[kv_stores.first]
[config_stores.settings]
contents = { greeting = "hello" }
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links = { users = { kv_store = "first" }, settings = { config_store = "settings" } }
"#;

#[kv_store("users", value = Text)]
struct Users;

#[config_store("settings")]
struct Settings {
    greeting: String,
}

/// Greets by what the stores say.
async fn greet(settings: Settings, users: Users) -> Result<String> {
    let name = users.get("name").await?.unwrap_or_else(|| "nobody".to_owned());
    Ok(format!("{}, {name}", settings.greeting))
}

async fn node() -> Node {
    let router = Router::new().fallback(greet);
    let service = Service::new("site", router, vec![Users::NEED, Settings::NEED]);
    Node::of(Edge::from_toml(MANIFEST).service(service).admin_token(TOKEN).start().await).await
}

async fn greeting(node: &Node) -> String {
    node.edge.get("http://site.localhost/").await.text()
}

/// The only store of its kind.
async fn id(node: &Node, kind: &str) -> String {
    let listed = node.plain(&format!("GET /resources/stores/{kind}")).await.text();
    let (_, rest) = listed.split_once("\"id\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn contents_are_live_at_once() {
    let node = node().await;
    assert_eq!(greeting(&node).await, "hello, nobody");
    let (kv, config) = (id(&node, "kv").await, id(&node, "config").await);
    let line = format!("PUT /resources/stores/kv/{kv}/keys/name");
    assert_eq!(node.call(&line, &[], b"Ada").await.status, 200);
    let line = format!("PUT /resources/stores/config/{config}/item/greeting");
    assert_eq!(node.form(&line, "item_value=good+day").await.status, 200);
    assert_eq!(greeting(&node).await, "good day, Ada");
    // Another name of the store is none of the link's business.
    let line = format!("PUT /resources/stores/kv/{kv}");
    assert_eq!(node.json(&line, r#"{"name":"renamed"}"#).await.status, 200);
    assert_eq!(greeting(&node).await, "good day, Ada");
}

#[tokio::test]
async fn links_are_live_with_their_version() {
    let node = node().await;
    let first = id(&node, "kv").await;
    let second = node.store("kv", "second").await;
    for (store, name) in [(&first, "Ada"), (&second, "Grace")] {
        let line = format!("PUT /resources/stores/kv/{store}/keys/name");
        assert_eq!(node.call(&line, &[], name.as_bytes()).await.status, 200);
    }
    node.plain("PUT /service/site/version/1/clone").await;
    let links = node.plain("GET /service/site/version/2/resource").await.text();
    let link = links.split("{\"id\":\"").find(|link| link.contains("\"name\":\"users\"")).unwrap();
    let link = format!("/service/site/version/2/resource/{}", link.split('"').next().unwrap());
    let changed = node.form(&format!("PUT {link}"), &format!("resource_id={second}")).await;
    assert_eq!(changed.status, 200);
    assert_eq!(greeting(&node).await, "hello, Ada");
    assert_eq!(node.plain("PUT /service/site/version/2/activate").await.status, 200);
    assert_eq!(greeting(&node).await, "hello, Grace");
    // And back again.
    assert_eq!(node.plain("PUT /service/site/version/1/activate").await.status, 200);
    assert_eq!(greeting(&node).await, "hello, Ada");
}

#[tokio::test]
async fn a_version_without_what_its_code_needs_is_not_activated() {
    let node = node().await;
    node.plain("PUT /service/site/version/1/clone").await;
    let links = node.plain("GET /service/site/version/2/resource").await.text();
    for link in links.split("{\"id\":\"").skip(1) {
        let link = link.split('"').next().unwrap();
        let gone = node.plain(&format!("DELETE /service/site/version/2/resource/{link}")).await;
        assert_eq!(gone.status, 200);
    }
    let checked = node.plain("GET /service/site/version/2/validate").await;
    assert!(checked.text().starts_with(r#"{"status":"error","#), "{}", checked.text());
    let refused = node.plain("PUT /service/site/version/2/activate").await;
    assert_eq!(refused.status, 422);
    // Every reason.
    let detail = refused.field("detail");
    assert!(detail.contains("`users`") && detail.contains("`settings`"), "{detail}");
    assert_eq!(greeting(&node).await, "hello, nobody");
    // Nothing is served without an active version.
    assert_eq!(node.plain("PUT /service/site/version/1/deactivate").await.status, 200);
    assert_eq!(node.edge.get("http://site.localhost/").await.status, 421);
}

const SEALED: &str = r#"
manifest_version = 1
name = "sealed"
[pops.LHR]
[secret_stores.empty]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links.keys = { secret_store = "empty" }
"#;

#[secret_store("keys")]
struct Keys {
    door: Secret,
}

/// A store, what is in it, the link and the version that has it: all of it by calls.
#[tokio::test]
async fn a_secret_store_that_was_made_filled_and_linked_by_calls_is_what_code_sees() {
    let open = |keys: Keys| async move { keys.door.plaintext().len().to_string() };
    let service = Service::new("site", Router::new().fallback(open), vec![Keys::NEED]);
    let edge = Edge::from_toml(SEALED).service(service).admin_token(TOKEN).start().await;
    let node = Node::of(edge).await;
    let answer = node.edge.get("http://site.localhost/").await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.headers.get("error-reason").unwrap(), "item missing");
    let made = node.store("secret", "doors").await;
    let line = format!("POST /resources/stores/secret/{made}/secrets");
    let put = node.json(&line, r#"{"name":"door","secret":"c2VjcmV0LXNlZWQtbGl2ZQ=="}"#).await;
    assert_eq!(put.status, 200);
    node.plain("PUT /service/site/version/1/clone").await;
    let links = "/service/site/version/2/resource";
    let listed = node.plain(&format!("GET {links}")).await.text();
    let link = listed.split('"').nth(3).unwrap();
    assert_eq!(node.plain(&format!("DELETE {links}/{link}")).await.status, 200);
    let linked =
        node.form(&format!("POST {links}"), &format!("name=keys&resource_id={made}")).await;
    assert_eq!((linked.status, linked.field("resource_type").as_str()), (200, "secret-store"));
    assert_eq!(node.edge.get("http://site.localhost/").await.status, 500);
    assert_eq!(node.plain("PUT /service/site/version/2/activate").await.status, 200);
    assert_eq!(node.edge.get("http://site.localhost/").await.text(), "16");
    let removed = node.plain(&format!("DELETE /resources/stores/secret/{made}")).await;
    assert_eq!(removed.status, 409);
}

const LISTED: &str = r#"
manifest_version = 1
name = "listed"
[pops.LHR]
[acls.first]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links.clients = { acl = "first" }
"#;

#[acl("clients")]
struct Clients;

#[tokio::test]
async fn an_acl_is_what_code_asks_as_it_is_at_that_moment() {
    let ask = |clients: Clients, uri: Uri| async move {
        let address = uri.path().trim_start_matches('/').parse().map_err(|_| unasked())?;
        let found = clients.lookup(address)?;
        Ok::<_, Error>(found.map_or_else(
            || "none".to_owned(),
            |found| format!("{} {}", found.network, found.action.as_str()),
        ))
    };
    let service = Service::new("site", Router::new().fallback(ask), vec![Clients::NEED]);
    let edge = Edge::from_toml(LISTED).service(service).admin_token(TOKEN).start().await;
    let node = Node::of(edge).await;
    let found = async || node.edge.get("http://site.localhost/192.0.2.7").await.text();
    assert_eq!(found().await, "none");
    let listed = node.plain("GET /resources/acls").await.text();
    let acl = listed.split('"').nth(5).unwrap();
    let patch = format!("PATCH /resources/acls/{acl}/entries");
    for (entry, expected) in [
        (r#"{"op":"create","prefix":"192.0.2.0/24","action":"BLOCK"}"#, "192.0.2.0/24 BLOCK"),
        (r#"{"op":"create","prefix":"192.0.2.7","action":"ALLOW"}"#, "192.0.2.7/32 ALLOW"),
        (r#"{"op":"delete","prefix":"192.0.2.7"}"#, "192.0.2.0/24 BLOCK"),
    ] {
        let changed = node.json(&patch, &format!(r#"{{"entries":[{entry}]}}"#)).await;
        assert_eq!(changed.both(), (202, String::new()));
        assert_eq!(found().await, expected);
    }
}

fn unasked() -> Error {
    Error::new(selvedge::Refusal::TargetInvalid, "no address")
}
