//! Loops end at once, and say so.

use selvedge_testkit::{Edge, ok};

fn chain(services: usize, close: bool) -> String {
    let mut manifest = String::from("manifest_version = 1\nname = \"loops\"\n[pops.LHR]\n");
    for number in 1..=services {
        manifest.push_str(&format!(
            "[services.s{number}]\ntype = \"delivery\"\ndomains = [\"s{number}.localhost\"]\n\
             [services.s{number}.backends.next]\n"
        ));
        manifest.push_str(&match (number == services, close) {
            (false, _) => format!("service = \"s{}\"\n", number + 1),
            (true, true) => "service = \"s1\"\n".to_owned(),
            (true, false) => "url = \"http://origin.example\"\n".to_owned(),
        });
    }
    manifest
}

#[tokio::test]
async fn a_service_whose_backend_is_itself_is_refused_at_the_21st_hop() {
    let edge = Edge::from_toml(&chain(1, true)).start().await;
    let answer = edge.get("http://s1.localhost/").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.header("error-reason"), "loop detected");
    assert_eq!(answer.header("content-type"), "text/plain");
    assert!(answer.text().starts_with("Loop detected"));
    assert_eq!(answer.hops.len(), 21);
}

#[tokio::test]
async fn six_services_in_a_row_pass_and_a_seventh_does_not() {
    let edge = Edge::from_toml(&chain(6, false)).start().await;
    edge.origin("s6", "next").on("/").reply(ok("the end"));
    assert_eq!(edge.get("http://s1.localhost/").await.text(), "the end");

    let edge = Edge::from_toml(&chain(7, false)).start().await;
    edge.origin("s7", "next").on("/").reply(ok("the end"));
    let answer = edge.get("http://s1.localhost/").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.header("error-reason"), "loop detected");
    assert_eq!(edge.origin("s7", "next").count(), 0);
}

#[tokio::test]
async fn a_missing_host_override_re_enters_the_first_service_until_the_limit() {
    let manifest = r#"
manifest_version = 1
name = "forgotten"
[pops.LHR]
[services.first]
type = "delivery"
domains = ["first.example"]
[services.first.backends.second]
url = "https://second.example"
[services.second]
type = "delivery"
domains = ["second.example"]
[services.second.backends.origin]
url = "http://origin.example"
"#;
    let edge = Edge::from_toml(manifest).dev().start().await;
    edge.origin("second", "origin").on("/").reply(ok("solved"));
    let answer = edge.get("http://first.example/").await;
    assert_eq!(answer.header("error-reason"), "loop detected");
    assert!(answer.hops.iter().all(|hop| hop.service == "first"));
    // In dev the page shows the path, and what to mend.
    let page = answer.text();
    assert!(page.contains("the path was first -> first -> first"), "{page}");
    assert!(page.contains("backend `second` of `first` leads to a domain of `second`"), "{page}");
    assert!(page.contains("override_host"), "{page}");

    let solved = manifest.replace(
        "url = \"https://second.example\"",
        "url = \"https://second.example\"\noverride_host = \"second.example\"",
    );
    let edge = Edge::from_toml(&solved).start().await;
    edge.origin("second", "origin").on("/").reply(ok("solved"));
    assert_eq!(edge.get("http://first.example/").await.text(), "solved");
}

#[tokio::test]
async fn a_request_that_says_it_passed_us_twenty_times_is_refused() {
    let edge = Edge::from_toml(&chain(1, false)).start().await;
    edge.origin("s1", "next").on("/").reply(ok("in"));
    for (passes, status) in [(19, 200), (20, 503)] {
        let request = http::Request::get("http://s1.localhost/")
            .header("cdn-loop", vec!["selvedge"; passes].join(", "))
            .body(selvedge::Body::empty())
            .unwrap();
        assert_eq!(edge.send(request).await.status.as_u16(), status, "{passes} passes");
    }
}

#[tokio::test]
async fn a_client_cannot_forge_its_way_around_the_count() {
    let edge = Edge::from_toml(&chain(7, false)).start().await;
    let request = http::Request::get("http://s1.localhost/")
        .header("selvedge-hops", "0")
        .header("fastly-client-ip", "6.6.6.6")
        .body(selvedge::Body::empty())
        .unwrap();
    assert_eq!(edge.send(request).await.header("error-reason"), "loop detected");
}
