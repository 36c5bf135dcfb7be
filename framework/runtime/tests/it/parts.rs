//! A stored part and the rest of it, put together while the rest comes in. What is asked for and what becomes of the answer
//! is in the timelines (`9111-3.4.combining`); here is what only a body can show.

use selvedge_testkit::{Edge, Method, MissReason, Path, Reply, Verdict, ok, status};

const MANIFEST: &str = r#"
manifest_version = 1
name = "parts"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

const URL: &str = "http://site.localhost/a";

/// An edge that has the bytes of a range, and whose origin answers with these next, then with a whole.
async fn holding(range: &str, body: &'static str, next: &[(&str, &'static str)]) -> Edge {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let held = edge.origin("site", "origin").on("/a").reply(part(range, body));
    let script = |path: Path, (range, body): &(&str, &'static str)| path.reply(part(range, body));
    let _ = next.iter().fold(held, script).reply(ok("as it is now"));
    let asked = format!("bytes={range}");
    let answer = edge.request(Method::GET, URL).header("range", &asked).send().await;
    assert_eq!((answer.status.as_u16(), answer.text()), (206, body.to_owned()));
    edge
}

/// A 206 whose body says with chunks only how long it is.
fn part(range: &str, body: &'static str) -> Reply {
    let reply = status(206).max_age(60).header("etag", "\"v1\"").body(body);
    let reply = reply.header("content-range", &format!("bytes {range}/10"));
    reply.header("transfer-encoding", "chunked")
}

#[tokio::test]
async fn the_rest_comes_in_between_what_is_stored() {
    for (held, body, missing, rest) in
        [("0-3", "0123", "4-9", "456789"), ("6-9", "6789", "0-5", "012345")]
    {
        let edge = holding(held, body, &[(missing, rest)]).await;
        let answer = edge.get(URL).await;
        assert_eq!((answer.status.as_u16(), answer.broken), (200, false));
        assert_eq!(answer.text(), "0123456789");
        assert_eq!(answer.hop("site").verdict, Verdict::Miss(MissReason::Partial));
        let again = edge.get(URL).await;
        assert_eq!((again.text(), again.hop("site").verdict), (answer.text(), Verdict::Hit));
    }
}

#[tokio::test]
async fn a_rest_of_another_length_than_it_says_breaks_the_answer_off() {
    for (held, body, missing, rest) in [
        ("0-3", "0123", "4-9", "45678"),
        ("0-3", "0123", "4-9", "4567890"),
        ("6-9", "6789", "0-5", "01234"),
        ("6-9", "6789", "0-5", "0123456"),
    ] {
        let edge = holding(held, body, &[(missing, rest)]).await;
        let answer = edge.get(URL).await;
        assert!(answer.broken, "{missing} {rest}");
        assert!("0123456789".starts_with(&answer.text()), "{missing} {rest}: {}", answer.text());
        assert_eq!(edge.get(URL).await.text(), "as it is now");
    }
}
