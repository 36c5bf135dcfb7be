//! ESI generation: tags in an answer that a service makes itself are not processed there, but by another service in front.

use selvedge::{Service, prelude::*};
use selvedge_testkit::Edge;

use super::{account, answers, leaf};

/// A service that makes a template, and says itself that it is one.
const MAKER: &str = r#"
[services.maker]
type = "delivery"
domains = ["maker.localhost"]
backends.leaf = { service = "leaf" }
[[services.maker.rules]]
when.path = "/page"
then.esi = true
[[services.maker.rules]]
when.path = "/page"
then.synthetic = { body = "<p><esi:include src='/part'/></p>", content_type = "text/html" }
"#;

/// One in front that processes what comes from behind it.
fn front(behind: &str) -> String {
    format!(
        "[services.front]\ntype = \"delivery\"\ndomains = [\"front.localhost\"]\n\
         backends.behind = {{ service = \"{behind}\" }}\n\
         [[services.front.rules]]\nwhen.path = \"/page\"\nthen.esi = true\n"
    )
}

#[tokio::test]
async fn what_a_service_makes_itself_is_processed_by_the_one_in_front_of_it() {
    let services = [front("maker"), MAKER.to_owned(), leaf("leaf")].concat();
    let edge = Edge::from_toml(&account(&services)).start().await;
    answers(&edge, "leaf", "/part");
    let tags = "<p><esi:include src='/part'/></p>";
    assert_eq!(edge.get("http://maker.localhost/page").await.text(), tags);
    assert_eq!(edge.get("http://front.localhost/page").await.text(), "<p>leaf /part</p>");
    // The fragment has come through the service in front, whose cache has it now.
    assert_eq!(edge.get("http://front.localhost/part").await.header("x-cache"), "MISS, MISS, HIT");
}

#[tokio::test]
async fn what_code_generates_is_processed_by_the_service_in_front_of_it() {
    let page = || async { ([("cache-control", "max-age=60")], "<esi:include src='/part'/>!") };
    let router = Router::new().route("/page", get(page)).route("/part", get(|| async { "made" }));
    let code =
        "[services.code]\ntype = \"compute\"\nhandler = \"code\"\ndomains = [\"code.localhost\"]\n";
    let edge = Edge::from_toml(&account(&[&front("code"), code].concat()));
    let edge = edge.service(Service::new("code", router, Vec::new())).start().await;
    assert_eq!(edge.get("http://code.localhost/page").await.text(), "<esi:include src='/part'/>!");
    let page = edge.get("http://front.localhost/page").await;
    assert_eq!(page.text(), "made!");
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert_eq!(edge.get("http://front.localhost/page").await.header("x-cache"), "MISS, HIT");
}
