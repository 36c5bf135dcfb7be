//! Many services to one, and one to many: each has its own cache, and one in common can be shared.

use selvedge_testkit::Edge;

use super::{account, answers, leaf};

fn front(name: &str, cache: &str) -> String {
    format!(
        "[services.{name}]\ntype = \"delivery\"\ndomains = [\"{name}.localhost\"]\ncache = \"{cache}\"\n\
         backends.shared = {{ service = \"shared\" }}\n"
    )
}

#[tokio::test]
async fn services_share_the_cache_of_the_one_behind_them() {
    let services = [front("one", "off"), front("two", "off"), leaf("shared")].concat();
    let edge = Edge::from_toml(&account(&services)).start().await;
    answers(&edge, "shared", "/");
    assert_eq!(edge.get("http://one.localhost/").await.text(), "shared /");
    assert_eq!(edge.get("http://two.localhost/").await.header("x-cache"), "HIT, MISS");
    assert_eq!(edge.origin("shared", "origin").count(), 1);
}

#[tokio::test]
async fn each_service_has_a_cache_of_its_own() {
    let services = [front("one", "on"), front("two", "on"), leaf("shared")].concat();
    let edge = Edge::from_toml(&account(&services)).start().await;
    answers(&edge, "shared", "/");
    edge.get("http://one.localhost/").await;
    assert_eq!(edge.get("http://one.localhost/").await.hop("one").verdict.as_str(), "hit");
    // The second front has nothing, the service behind it does.
    let answer = edge.get("http://two.localhost/").await;
    assert_eq!(answer.hop("shared").verdict.as_str(), "hit");
    assert_ne!(answer.hop("two").verdict.as_str(), "hit");
}

#[tokio::test]
async fn one_service_is_chained_to_several() {
    let fan = r#"
[services.fan]
type = "delivery"
domains = ["fan.localhost"]
backend = "left"
[services.fan.backends]
left = { service = "left" }
right = { service = "right" }
[[services.fan.rules]]
when = { path = "/right/**" }
then = { backend = "right" }
"#;
    let services = [fan.to_owned(), leaf("left"), leaf("right")].concat();
    let edge = Edge::from_toml(&account(&services)).start().await;
    answers(&edge, "left", "/a");
    answers(&edge, "right", "/right/a");
    assert_eq!(edge.get("http://fan.localhost/a").await.text(), "left /a");
    assert_eq!(edge.get("http://fan.localhost/right/a").await.text(), "right /right/a");
}

#[tokio::test]
async fn a_version_of_one_service_is_activated_without_the_other() {
    let services = [front("one", "off"), leaf("shared")].concat();
    let edge = Edge::from_toml(&account(&services)).admin_token("t").start().await;
    answers(&edge, "shared", "/");
    edge.get("http://one.localhost/").await;
    for path in ["version/1/clone", "version/2/activate"] {
        let path = format!("/service/one/{path}");
        let call = edge.admin(http::Method::PUT, &path).header("fastly-key", "t").send().await;
        assert_eq!(call.status.as_u16(), 200, "{}", call.text());
    }
    let shared = edge.account().now().service("shared").unwrap().id.clone();
    assert_eq!(edge.account().now().active(&shared).unwrap().number, 1);
    // The other one's cache is as it was.
    assert_eq!(edge.get("http://one.localhost/").await.header("x-cache"), "HIT, MISS");
}
