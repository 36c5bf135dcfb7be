//! With which request a fragment is asked for, and of whom.

use selvedge_testkit::{Edge, Method, ok};

use super::{PAGES, URL, asked, edge, html, replies, with_page};

#[tokio::test]
async fn a_fragment_is_asked_for_with_a_copy_of_the_clients_headers() {
    let edge = with_page("<esi:include src=\"/f\"/>").await;
    replies(&edge, "/f", ok("f"));
    let headers =
        [("cookie", "user=ada"), ("user-agent", "test"), ("x-forwarded-for", "192.0.2.1")];
    asked(&edge, Method::GET, URL, &headers).await;
    let arrived = edge.origin("site", "origin").arrived();
    for name in ["cookie", "user-agent", "x-forwarded-for", "x-forwarded-host", "via"] {
        assert_eq!(arrived[1].headers[name], arrived[0].headers[name], "{name}");
    }
    // Once past us, like the page; and the node knows the page again, if it comes back.
    let passed = arrived[1].headers["cdn-loop"].to_str().unwrap();
    let page = passed.strip_prefix(arrived[0].headers["cdn-loop"].to_str().unwrap()).unwrap();
    assert!(page.starts_with(";page=") && !page.contains(','), "{passed}");
    assert_eq!(
        arrived[1].headers["x-forwarded-for"].to_str().unwrap().matches("127.0.0.1").count(),
        0
    );
    let lines = |at: usize| arrived[at].headers.get_all("x-forwarded-for").iter().count();
    assert_eq!((lines(0), lines(1)), (2, 2), "the client is named once");
}

#[tokio::test]
async fn rules_see_a_fragment_as_they_see_a_page() {
    let edge = edge(&[
        PAGES,
        "when.path = \"/page/**\"\nthen.rewrite_path = { strip = \"/page\", add = \"/v2\" }",
        "when.header = { x-seen = true }\nthen.deny = true",
        "then.request_headers.set.x-seen = \"1\"",
        "when.path = \"/page/secret\"\nthen.deny = true",
    ])
    .await;
    replies(
        &edge,
        "/v2/a",
        html("<esi:include src=\"b\"/><esi:include src=\"secret\" onerror=\"continue\"/>"),
    );
    // A relative `src` is relative to what the client asked for.
    replies(&edge, "/v2/b", html("b"));
    assert_eq!(edge.get(&format!("{URL}/a")).await.text(), "b");
}

#[tokio::test]
async fn an_absolute_src_is_for_the_service_that_owns_its_host_else_for_the_same() {
    let edge = with_page(
        "<esi:include src=\"https://other.localhost/a\"/><esi:include src=\"http://cdn.example:81/b\"/>\
         <esi:include src=\"//site.localhost/c\"/>",
    )
    .await;
    let _ = edge.origin("other", "origin").on("/a").reply(ok("of the other "));
    replies(&edge, "/b", ok("of another host "));
    replies(&edge, "/c", ok("own"));
    assert_eq!(edge.get(URL).await.text(), "of the other of another host own");
    let hosts = |service: &str| {
        let arrived = edge.origin(service, "origin").arrived();
        let host = |name: &str| {
            let hosts = arrived.iter().map(|one| one.headers[name].to_str().unwrap().to_owned());
            hosts.collect::<Vec<_>>()
        };
        (host("host"), host("x-forwarded-host"))
    };
    let site = "site.localhost".to_owned();
    let three = [site.clone(), "cdn.example:81".to_owned(), site.clone()].to_vec();
    assert_eq!(hosts("site"), (three, vec![site.clone(); 3]));
    assert_eq!(hosts("other"), (vec!["other.localhost".to_owned()], vec![site]));
}

const GUARDED: &str = r#"
manifest_version = 1
name = "guarded"
[pops.LHR]
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", data = "a secret" }]
[services.front]
type = "delivery"
domains = ["front.localhost"]
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.front.backends.back]
service = "back"
chain_auth = { config = "config", secrets = "secrets" }
[[services.front.rules]]
when.path = "/page/front"
then.esi = true
[services.back]
type = "delivery"
domains = ["back.localhost"]
require_chain_auth = { config = "config", secrets = "secrets" }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
backends.origin.url = "http://origin.example"
[[services.back.rules]]
when.path = "/page/back"
then.esi = true
"#;

#[tokio::test]
async fn a_service_that_lets_nobody_in_assembles_its_own_pages() {
    let edge = Edge::from_toml(GUARDED).start().await;
    let origin = edge.origin("back", "origin");
    let _ = origin.on("/page/back").reply(html("a<esi:include src=\"/f\"/>"));
    let _ = origin.on("/f").reply(ok("f"));
    assert_eq!(edge.get("http://front.localhost/page/back").await.text(), "af");
    for arrived in origin.arrived() {
        assert!(!arrived.headers.contains_key("edge-auth"), "{}", arrived.target);
    }
}

#[tokio::test]
async fn a_template_opens_no_door_of_another_service() {
    let edge = Edge::from_toml(GUARDED).start().await;
    let origin = edge.origin("back", "origin");
    let template = "<esi:include src=\"http://back.localhost/f\" alt=\"/f\"/>";
    let _ = origin.on("/page/front").reply(html(template));
    let _ = origin.on("/f").reply(ok("f"));
    // Asked for by itself it is refused; through the backend it is signed.
    assert_eq!(edge.get("http://front.localhost/page/front").await.text(), "f");
    let (service, line) = edge.logs().remove(0);
    assert_eq!(service, "front");
    assert!(line.ends_with("the answer was 403 (chain token missing)"), "{line}");
}
