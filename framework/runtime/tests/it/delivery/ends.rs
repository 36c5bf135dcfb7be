//! Rules that answer themselves: deny, redirect, synthetic, at once or in the place of a response.

use selvedge_testkit::{Answer, Edge, Fault, Method, Refusal, Verdict, ok, status};

use super::{asked, edge, head};

const URL: &str = "http://site.localhost/";

async fn at(edge: &Edge, path: &str) -> Answer {
    head(edge, &format!("http://site.localhost{path}"), &[]).await
}

#[tokio::test]
async fn a_denial_is_a_refusal_with_the_status_of_the_rule() {
    let edge = edge(&[
        "when.path = \"/secret/**\"\nthen.deny = true",
        "name = \"gone\"\nwhen.path = \"/gone\"\nthen = { deny = 410, response_headers = { set = { x-why = \"gone\" } } }",
        "then.response_headers.set.x-all = \"1\"",
    ])
    .await;
    let denied = at(&edge, "/secret/x").await;
    assert_eq!(
        (denied.status.as_u16(), denied.header("error-reason").as_str()),
        (403, "denied by rule")
    );
    assert!(
        denied.text().starts_with("this is not served here\nrequest id: "),
        "{}",
        denied.text()
    );
    assert_eq!(denied.hop("site").refused.as_ref().unwrap().0, Refusal::Denied);
    let gone = at(&edge, "/gone").await;
    assert_eq!((gone.status.as_u16(), gone.header("x-why").as_str()), (410, "gone"));
    assert_eq!(gone.hop("site").refused.as_ref().unwrap().1, "denied by rule: the rule `gone`");
    assert_eq!((denied.header("x-all"), gone.header("x-all")), ("1".to_owned(), "1".to_owned()));
    assert_eq!(edge.origin("site", "origin").count(), 0);
}

#[tokio::test]
async fn redirections_and_texts_need_no_backend() {
    let edge = edge(&[
        "when.path = \"/old\"\nthen.redirect = \"/new\"",
        "when.path = \"/www/**\"\nthen.redirect = { to = \"https://www.example\", status = 301, append_path = true }",
        "when.path = \"/robots.txt\"\nthen.synthetic = { body = \"User-agent: *\\n\" }",
        "when.path = \"/down\"\nthen.synthetic = { status = 503, content_type = \"text/html\", body = \"<p>later\" }",
        "when.path = \"/none\"\nthen.synthetic = { status = 204, body = \"\" }",
    ])
    .await;
    let old = at(&edge, "/old?x").await;
    assert_eq!((old.status.as_u16(), old.header("location").as_str()), (307, "/new"));
    let www = at(&edge, "/www/a%20b?x=1").await;
    assert_eq!(www.status, 301);
    assert_eq!(www.header("location"), "https://www.example/www/a%20b?x=1");
    let robots = at(&edge, "/robots.txt").await;
    assert_eq!((robots.status.as_u16(), robots.text().as_str()), (200, "User-agent: *\n"));
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(robots.hop("site").verdict, Verdict::Synthetic);
    for method in [Method::GET, Method::HEAD] {
        let none = asked(&edge, method, "http://site.localhost/none", &[]).await;
        assert_eq!((none.status.as_u16(), none.header("content-length").as_str()), (204, ""));
    }
    let down = asked(&edge, Method::HEAD, "http://site.localhost/down", &[]).await;
    assert_eq!((down.status.as_u16(), down.text().as_str()), (503, ""));
    assert_eq!(
        (down.header("content-type"), down.header("content-length")),
        ("text/html".to_owned(), "8".to_owned())
    );
    assert_eq!(edge.origin("site", "origin").count(), 0);
}

#[tokio::test]
async fn a_redirection_never_leads_to_a_host_that_the_client_names() {
    let edge = edge(&["then.redirect = { to = \"/\", append_path = true }"]).await;
    for path in ["//evil.example/x", "///evil.example/x", "/\\evil.example/x"] {
        assert_eq!(at(&edge, path).await.header("location"), "/evil.example/x", "{path}");
    }
}

#[tokio::test]
async fn the_first_end_decides() {
    let edge = edge(&[
        "when.path = \"/a/but\"\nthen.synthetic = { body = \"served\" }",
        "when.path = \"/a/**\"\nthen.deny = true",
        "when.path = \"/a/**\"\nthen.redirect = \"/\"",
        "when.status = [403]\nthen.redirect = \"/login\"",
    ])
    .await;
    assert_eq!(at(&edge, "/a/but").await.text(), "served");
    // What a rule has answered at once is no other rule's to answer.
    assert_eq!(at(&edge, "/a/b").await.status, 403);
    let _ = edge.origin("site", "origin").on("/own").reply(status(403));
    assert_eq!(at(&edge, "/own").await.header("location"), "/login");
}

#[tokio::test]
async fn an_answer_is_replaced_on_its_way_and_what_is_stored_stays_the_backends() {
    let edge = edge(&[
        "when = { header = { x-plain = false }, response_header = { x-internal = true } }\nthen = { synthetic = { body = \"hidden\" }, response_headers = { set = { x-rule = \"1\" } } }",
    ])
    .await;
    let reply = ok("internal").max_age(60).header("x-internal", "1");
    let _ = edge.origin("site", "origin").on("/").reply(reply);
    let first = head(&edge, URL, &[]).await;
    assert_eq!((first.text().as_str(), first.header("x-internal").as_str()), ("hidden", ""));
    assert_eq!(first.header("x-rule"), "1");
    edge.settle().await;
    let plain = head(&edge, URL, &[("x-plain", "1")]).await;
    assert_eq!((plain.hop("site").verdict, plain.text().as_str()), (Verdict::Hit, "internal"));
    let second = head(&edge, URL, &[]).await;
    assert_eq!((second.hop("site").verdict, second.text().as_str()), (Verdict::Hit, "hidden"));
}

#[tokio::test]
async fn a_refusal_can_be_replaced_and_is_told_all_the_same() {
    let edge =
        edge(&["when.status = [\"5xx\"]\nthen.synthetic = { status = 503, body = \"later\" }"])
            .await;
    let _ = edge.origin("site", "origin").on("/").reply(ok("").fault(Fault::Refuse));
    let answer = head(&edge, URL, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (503, "later"));
    assert_eq!(answer.hop("site").refused.as_ref().unwrap().0, Refusal::ConnectionRefused);
    assert_eq!(answer.header("error-reason"), "");
}

#[tokio::test]
async fn a_purge_ends_there_too() {
    let purge = Method::from_bytes(b"PURGE").unwrap();
    let edge = edge(&[
        "when.path = \"/secret\"\nthen.deny = true",
        "when = { path = \"/read\", method = [\"GET\"] }\nthen.deny = true",
        "then.response_headers.set.x-all = \"1\"",
    ])
    .await;
    let key = [("fastly-key", super::TOKEN)];
    let asked = async |path: &str| {
        let url = format!("http://site.localhost{path}");
        asked(&edge, purge.clone(), &url, &key).await
    };
    assert_eq!(asked("/secret").await.status, 403);
    let purged = asked("/read").await;
    assert_eq!((purged.status.as_u16(), purged.header("selvedge-purged").as_str()), (200, "LHR=0"));
    assert_eq!(purged.header("x-all"), "", "what we say of a purge is no rule's to change");
}
