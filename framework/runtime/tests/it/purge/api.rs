//! The management API's own: bodies, bad input, who may.

use selvedge_testkit::{Answer, Edge, Method};

use super::{TOKEN, are_hits, counts, edge, post, warm};

const HOME: &str = "http://site.localhost/";

fn is_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u64>().is_ok())
}

#[tokio::test]
async fn the_bodies_are_those_of_the_platform() {
    let edge = edge().await;
    let mut ids = Vec::new();
    for path in ["/purge/site.localhost/", "/service/site/purge/home"] {
        let answer = post(&edge, path).send().await;
        let text = answer.text();
        let id = text.strip_prefix(r#"{"status":"ok","id":""#);
        let id = id.and_then(|rest| rest.strip_suffix(r#""}"#));
        assert!(id.is_some_and(is_id), "{text}");
        ids.push(text);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_ne!(ids[0], ids[1]);
    // The middle is the time in seconds.
    assert!(ids[0].contains("-1700000000-"), "{}", ids[0]);
}

#[tokio::test]
async fn a_batch_answers_each_key_with_an_id() {
    let edge = edge().await;
    let json = r#"{"surrogate_keys":["zebra","home","home"]}"#;
    for ask in [
        post(&edge, "/service/site/purge").header("surrogate-key", " zebra  home\thome "),
        post(&edge, "/service/site/purge")
            .header("surrogate-key", "zebra")
            .header("surrogate-key", "home"),
        post(&edge, "/service/site/purge").body(json),
    ] {
        let answer = ask.send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("fastly-surrogate-key-count").as_str()),
            (200, "2")
        );
        let text = answer.text();
        let ids = text.strip_prefix(r#"{"zebra":""#);
        let ids = ids.and_then(|rest| rest.strip_suffix(r#"-2"}"#));
        let ids = ids.and_then(|ids| ids.split_once(r#"-1","home":""#));
        let (zebra, home) = ids.unwrap_or_else(|| panic!("{text}"));
        assert!(home == zebra && is_id(home), "{text}");
    }
}

#[tokio::test]
async fn at_most_256_keys_go_at_once() {
    let edge = edge().await;
    let keys = |number: usize| (0..number).map(|n| format!("k{n}")).collect::<Vec<_>>();
    for (number, status) in [(256, 200), (257, 400)] {
        let header = keys(number).join(" ");
        let answer =
            post(&edge, "/service/site/purge").header("surrogate-key", &header).send().await;
        assert_eq!(answer.status, status);
        let body = format!(r#"{{"surrogate_keys":["{}"]}}"#, keys(number).join("\",\""));
        assert_eq!(post(&edge, "/service/site/purge").body(body).send().await.status, status);
    }
}

#[track_caller]
fn refused(answer: &Answer, status: u16, detail: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let text = answer.text();
    assert!(text.starts_with(r#"{"msg":""#) && text.contains(r#"","detail":""#), "{text}");
    assert!(text.contains(detail), "{text}");
    assert_eq!(answer.header("selvedge-purged"), "");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn what_does_not_exist_is_named_with_the_nearest() {
    let edge = edge().await;
    for (path, detail) in [
        (
            "/purge/sit.localhost/",
            "no service for the host `sit.localhost`; did you mean `site.localhost`?",
        ),
        (
            "/purge/elsewhere.example:80/x",
            "no service for the host `elsewhere.example`; known here: ",
        ),
        ("/service/sitee/purge/home", "there is no service `sitee`; did you mean `site`?"),
        ("/service/sitee/purge_all", "did you mean `site`?"),
        ("/service/sitee/purge", "did you mean `site`?"),
        ("/service/site/purge_some", "`POST /service/SERVICE/purge_all`"),
        ("/purge/", "`POST /purge/URL`"),
        ("/service/site/purge/", "`POST /service/SERVICE/purge/KEY`"),
    ] {
        let answer = post(&edge, path).send().await;
        refused(&answer, 404, detail);
        assert!(answer.text().contains(r#""msg":"Record not found""#), "{}", answer.text());
    }
}

#[tokio::test]
async fn bad_input_is_refused_and_purges_nothing() {
    let edge = edge().await;
    warm(&edge, &[HOME]).await;
    let long = "k".repeat(1025);
    for (path, header, body, detail) in [
        ("/purge/https://site.localhost/", "", "", "leave the scheme out"),
        ("/purge/https%3A%2F%2Fsite.localhost%2F", "", "", "leave the scheme out"),
        ("/purge/site.localhost%2F%0A", "", "", "is no URL"),
        ("/service/site/purge/a%20b", "", "", "visible ASCII"),
        ("/service/site/purge/%ff", "", "", "UTF-8"),
        (&format!("/service/site/purge/{long}"), "", "", "at most 1024 bytes"),
        ("/service/site/purge", "", "", "name the keys in the `Surrogate-Key` header"),
        ("/service/site/purge", " ", "", "name the keys in the `Surrogate-Key` header"),
        ("/service/site/purge", &format!("home {long}"), "", "at most 1024 bytes"),
        ("/service/site/purge", "home", r#"{"surrogate_keys":["home"]}"#, "not in both"),
        ("/service/site/purge", "", "home", "the body is not as expected"),
        ("/service/site/purge", "", r#"["home"]"#, "the body is not as expected"),
        ("/service/site/purge", "", r#"{"keys":["home"]}"#, "unknown field `keys`"),
        ("/service/site/purge", "", r#"{"surrogate_keys":[]}"#, "name the keys"),
        ("/service/site/purge", "", r#"{"surrogate_keys":["home",""]}"#, "must not be empty"),
    ] {
        let mut ask = post(&edge, path).body(body.to_owned());
        if !header.is_empty() {
            ask = ask.header("surrogate-key", header);
        }
        refused(&ask.send().await, 400, detail);
    }
    let staging =
        post(&edge, "/purge/site.localhost/").header("fastly-purge-environment", "staging");
    refused(&staging.send().await, 400, "nothing was purged");
    let wrong = edge.admin(Method::GET, "/service/site/purge_all").header("fastly-key", TOKEN);
    refused(&wrong.send().await, 405, "there are `POST /service/SERVICE/purge_all`");
    assert_eq!(are_hits(&edge, &[HOME]).await, [true]);
}

#[tokio::test]
async fn every_purge_needs_the_token() {
    let paths = [
        "/purge/site.localhost/",
        "/service/site/purge/home",
        "/service/site/purge",
        "/service/site/purge_all",
    ];
    let none = Edge::from_toml(super::MANIFEST).start().await;
    let edge = edge().await;
    warm(&edge, &[HOME]).await;
    for path in paths {
        for key in [None, Some(""), Some("an admin toke"), Some("an admin token!")] {
            let mut ask = edge.admin(Method::POST, path).header("surrogate-key", "home");
            if let Some(key) = key {
                ask = ask.header("fastly-key", key);
            }
            refused(&ask.send().await, 401, "send the admin token");
        }
        // Without a token there is nobody who may.
        refused(
            &none.admin(Method::POST, path).header("fastly-key", "").send().await,
            401,
            "token",
        );
    }
    assert_eq!(are_hits(&edge, &[HOME]).await, [true]);
}

/// A service that answers nobody still has what it cached, until that is purged.
#[tokio::test]
async fn a_service_without_an_active_version_is_purged() {
    for path in ["/service/site/purge_all", "/service/site/purge/home"] {
        let edge = edge().await;
        warm(&edge, &[HOME]).await;
        let put = async |path: &str| {
            let answer = edge.admin(Method::PUT, path).header("fastly-key", TOKEN).send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        };
        put("/service/site/version/1/deactivate").await;
        assert_eq!(counts(&post(&edge, path).send().await), "IAD=1, LHR=0", "{path}");
        put("/service/site/version/1/activate").await;
        assert_eq!(are_hits(&edge, &[HOME]).await, [false], "{path}");
    }
}
