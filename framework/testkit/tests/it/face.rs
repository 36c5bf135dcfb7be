//! Asking, and what an answer tells.

use std::time::Duration;

use axum::extract::Path;
use selvedge::Body;
use selvedge_testkit::{Answer, Edge, Method, PassReason, Verdict, ok};

use crate::{
    failure,
    shop::{ADA, Catalog, Texts, Tokens, Users, shop, storefront},
};

#[tokio::test]
async fn the_second_request_is_a_hit() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts").max_age(60));
    let first = edge.get(ADA).await;
    assert_eq!(first.text(), "hello Ada\nshirts");
    assert!(matches!(first.hop("catalog").verdict, Verdict::Miss(_)));
    edge.advance(Duration::from_secs(30)).await;
    let second = edge.get(ADA).await;
    assert_eq!(second.hop("catalog").verdict, Verdict::Hit);
    assert_eq!(second.hop("storefront").verdict, Verdict::Pass(PassReason::Requested));
    edge.origin("catalog", "origin").assert_count(1);
}

#[tokio::test]
async fn the_path_is_told_from_the_client_on() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts").max_age(60));
    let first = edge.get(ADA).await;
    first.assert_status(200);
    first.assert_path(&["LHR/storefront pass requested", "LHR/catalog miss uri-miss"]);
    edge.get(ADA).await.assert_path(&["LHR/storefront pass requested", "LHR/catalog hit"]);
    assert_eq!(edge.get(ADA).await.hop("storefront").reason(), Some("requested"));
    assert_eq!(edge.get(ADA).await.hop("catalog").reason(), None);
}

#[tokio::test]
async fn each_pop_has_a_cache_of_its_own() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts").max_age(60));
    edge.get(ADA).await;
    let there = edge.pop("IAD").get(ADA).await;
    there.assert_path(&["IAD/storefront pass requested", "IAD/catalog miss uri-miss"]);
    edge.get(ADA)
        .at("IAD")
        .await
        .assert_path(&["IAD/storefront pass requested", "IAD/catalog hit"]);
    let text = failure(async {
        let edge = shop().start().await;
        edge.pop("IDA").get(ADA).await;
    });
    assert_eq!(text.await, "the manifest has no POP `IDA`; it has `LHR`, `IAD`");
}

#[tokio::test]
async fn a_request_has_a_method_headers_a_body_and_a_client() {
    let edge = shop().start().await;
    let origin = edge.origin("catalog", "origin");
    origin.on("PUT /users/1").reply(ok("stored"));
    let ask = edge.ask("PUT http://shop.localhost/users/1").from([192, 0, 2, 7]);
    let answer = ask.header("x-more", "1").json(r#"{"name":"Ada"}"#).await;
    assert_eq!(answer.text(), "hello Ada\nstored");
    let arrived = origin.last();
    assert_eq!((arrived.method.clone(), arrived.path()), (Method::PUT, "/users/1"));
    assert_eq!((arrived.header("x-more"), arrived.header("x-token")), ("1".into(), "t".into()));
    assert_eq!(arrived.header("content-type"), "application/json");
    assert_eq!(arrived.header("fastly-client-ip"), "192.0.2.7");
    assert_eq!(arrived.text(), r#"{"name":"Ada"}"#);
}

#[tokio::test]
async fn https_is_what_the_url_says() {
    let edge = shop().start().await;
    let origin = edge.origin("catalog", "origin");
    origin.otherwise().reply(ok("x"));
    for scheme in ["http", "https"] {
        edge.get(&format!("{scheme}://catalog.localhost/{scheme}")).await;
        assert_eq!(origin.last().header("x-forwarded-proto"), scheme);
    }
}

#[tokio::test]
async fn answers_of_one_moment_have_their_own_hops() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").otherwise().reply(ok("x").max_age(60));
    let (chained, direct) = tokio::join!(edge.get(ADA), edge.get("http://catalog.localhost/other"));
    chained.assert_path(&["LHR/storefront pass requested", "LHR/catalog miss uri-miss"]);
    direct.assert_path(&["LHR/catalog miss uri-miss"]);
    assert_ne!(chained.request_id(), direct.request_id());
}

#[tokio::test]
async fn a_handler_is_called_directly() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").on("/users/2").reply(ok("hats"));
    let users: Users = edge.bind("storefront");
    users.put("2", &"Grace".to_owned()).await.unwrap();
    let texts: Texts = edge.bind("storefront");
    let (tokens, catalog) =
        (edge.bind::<Tokens>("storefront"), edge.pop("IAD").bind::<Catalog>("storefront"));
    let request = http::Request::get("/users/2").body(Body::empty()).unwrap();
    let log = edge.extract("storefront").await;
    let id = Path("2".to_owned());
    let response = storefront(users, texts, tokens, catalog, log, id, request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(edge.logs(), [("storefront".to_owned(), "Grace was here".to_owned())]);
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let no_service = failure(async {
        let _: Users = shop().start().await.bind("storefrnt");
    });
    assert_eq!(
        no_service.await,
        "no service `storefrnt` is active; there are `catalog`, `storefront`"
    );
    let no_backend = failure(async {
        let _ = shop().start().await.origin("catalog", "orign");
    });
    assert_eq!(no_backend.await, "service `catalog` has no backend `orign`; it has `origin`");
    let no_line = failure(async {
        shop().start().await.ask("http://shop.localhost/").await;
    });
    assert!(no_line.await.contains("as in `PUT http://shop.localhost/x`"));
}

#[tokio::test]
async fn a_failed_assertion_shows_the_answer() {
    let wrong = |check: fn(&Answer) -> &Answer| {
        failure(async move {
            let edge = shop().start().await;
            edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts"));
            check(&edge.get(ADA).await);
        })
    };
    let status = wrong(|answer| answer.assert_status(404)).await;
    let path = wrong(|answer| answer.assert_path(&["LHR/storefront hit"])).await;
    let hop = wrong(|answer| {
        let _ = answer.hop("catalogue");
        answer
    })
    .await;
    assert!(status.starts_with("the status is not 404:\n  status 200 OK\n"), "{status}");
    assert!(path.starts_with("the request did not go by [\"LHR/storefront hit\"]:\n"), "{path}");
    assert!(hop.starts_with("`catalogue` had no part in the answer:\n"), "{hop}");
    for text in [status, path, hop] {
        let seen =
            "  path [\"LHR/storefront pass requested\", \"LHR/catalog miss uri-miss\"]\n  body of";
        assert!(text.contains(seen) && text.contains("shirts"), "{text}");
    }
}

#[tokio::test]
async fn a_manifest_is_a_file_with_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = "api_token\", file = \"token.txt\" }";
    let manifest = crate::shop::MANIFEST.replace("api_token\", env = \"SHOP_API_TOKEN\" }", file);
    std::fs::write(folder.path().join("edge.toml"), manifest).unwrap();
    std::fs::write(folder.path().join("token.txt"), "of a file").unwrap();
    let path = folder.path().join("edge.toml");
    let edge = Edge::from_file(&path).service(storefront::service()).start().await;
    assert_eq!(edge.secrets("tokens").get("api_token").unwrap().plaintext(), b"of a file");
    let missing = Edge::from_file(folder.path().join("none.toml")).try_start().await;
    assert!(missing.err().unwrap().to_string().contains("none.toml`: "));
}

#[tokio::test]
async fn an_edge_that_cannot_start_says_every_reason() {
    let text = failure(async {
        let _ = Edge::from_toml(crate::shop::MANIFEST).start().await;
    });
    let text = text.await;
    assert!(text.contains("SHOP_API_TOKEN"), "{text}");
    let text = failure(async {
        let _ = Edge::from_toml(crate::shop::MANIFEST).env("SHOP_API_TOKEN", "t").start().await;
    });
    let text = text.await;
    assert!(text.contains("handler `storefront`"), "{text}");
}

#[tokio::test]
async fn a_body_is_read_as_json() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").otherwise().reply(ok(r#"{"shirts":[1,2]}"#));
    let answer = edge.get("http://catalog.localhost/").await;
    let counts: std::collections::BTreeMap<String, Vec<u8>> = answer.json();
    assert_eq!(counts["shirts"], [1, 2]);
    let told = failure(async {
        let _: u8 = answer.json();
    })
    .await;
    assert!(told.starts_with("the body is not the JSON of a `u8`: invalid type: map"), "{told}");
}
