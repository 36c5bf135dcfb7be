//! Which service handles a request: by path prefix, cookie or header, or because another service sends it there.

use http::Method;
use selvedge_testkit::Edge;

use super::{account, answers, leaf};

/// A service whose rules choose among others.
const DOOR: &str = r#"
[services.door]
type = "delivery"
domains = ["www.localhost"]
backend = "main"
cache = "off"
[services.door.backends]
main = { service = "main" }
blog = { service = "blog" }
beta = { service = "beta" }
[[services.door.rules]]
when = { cookie = { beta = "yes" } }
then = { backend = "beta" }
[[services.door.rules]]
when = { header = { x-beta = true } }
then = { backend = "beta" }
[[services.door.rules]]
when = { path = "/blog/**" }
then = { backend = "blog" }
"#;

async fn door() -> Edge {
    let services = [DOOR.to_owned(), leaf("main"), leaf("blog"), leaf("beta")].concat();
    let edge = Edge::from_toml(&account(&services)).start().await;
    for leaf in ["main", "blog", "beta"] {
        answers(&edge, leaf, "/blog/one");
        answers(&edge, leaf, "/");
    }
    edge
}

#[tokio::test]
async fn the_host_selects_the_service() {
    let edge = door().await;
    assert_eq!(edge.get("http://blog.localhost/").await.text(), "blog /");
    assert_eq!(edge.get("http://beta.localhost/").await.text(), "beta /");
    assert_eq!(edge.get("http://nobody.localhost/").await.status.as_u16(), 421);
}

#[tokio::test]
async fn a_service_chooses_the_next_by_path_cookie_or_header() {
    let edge = door().await;
    assert_eq!(edge.get("http://www.localhost/").await.text(), "main /");
    assert_eq!(edge.get("http://www.localhost/blog/one").await.text(), "blog /blog/one");
    let ask = |name: &'static str, value: &'static str| {
        edge.request(Method::GET, "http://www.localhost/blog/one").header(name, value).send()
    };
    assert_eq!(ask("cookie", "a=b; beta=yes").await.text(), "beta /blog/one");
    assert_eq!(ask("cookie", "beta=no").await.text(), "blog /blog/one");
    assert_eq!(ask("x-beta", "1").await.text(), "beta /blog/one");
    // The chain can be seen: origin side first.
    let answer = edge.get("http://www.localhost/blog/one").await;
    assert_eq!(answer.header("x-served-by"), "cache-lhr1-LHR, cache-lhr1-LHR");
    assert_eq!(answer.header("x-cache"), "HIT, MISS");
}

#[tokio::test]
async fn another_domain_is_served_without_telling_the_client() {
    let old = r#"
[services.old]
type = "delivery"
domains = ["old.localhost"]
backends.new = { service = "new" }
[[services.old.rules]]
then = { pass = true }
"#;
    let edge = Edge::from_toml(&account(&[old.to_owned(), leaf("new")].concat())).start().await;
    answers(&edge, "new", "/page");
    let answer = edge.get("http://old.localhost/page").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "new /page"));
    assert!(!answer.headers.contains_key("location"));
    // The second service is asked for its own domain, and knows the object by it.
    let arrived = edge.origin("new", "origin").arrived();
    assert_eq!(arrived[0].headers["host"], "new.localhost");
    assert_eq!(arrived[0].headers["x-forwarded-host"], "old.localhost");
    assert_eq!(edge.get("http://new.localhost/page").await.header("x-cache"), "HIT");
}

#[tokio::test]
async fn a_backend_whose_host_turns_out_to_be_ours_is_a_chain() {
    let ours = r#"
[services.ours]
type = "delivery"
domains = ["ours.example"]
backends.partner = { url = "https://partner.example", override_host = "partner.example" }
[services.partner]
type = "delivery"
domains = ["partner.example"]
backends.origin = { url = "http://origin.example" }
"#;
    let edge = Edge::from_toml(&account(ours)).start().await;
    answers(&edge, "partner", "/");
    let answer = edge.get("http://ours.example/").await;
    assert_eq!(answer.text(), "partner /");
    assert_eq!(answer.hops.len(), 2, "the request did not leave the process");
}
