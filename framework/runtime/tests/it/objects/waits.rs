//! Nobody waits for itself: not in one handler, not through other services, not with a response in between.

use selvedge::Binding;

use super::*;

#[backend("other")]
struct Other;

#[backend("site")]
struct Back;

const CHAIN: &str = r#"
manifest_version = 1
name = "waits"
[pops.LHR]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
backends.other = { service = "other" }
[services.other]
type = "compute"
handler = "other"
domains = ["other.localhost"]
backends.site = { service = "site" }
"#;

#[tokio::test]
async fn a_handler_that_wants_what_it_has_to_make_makes_it_by_itself() {
    let site = Site::start().await;
    let core = site.core().await;
    let outer = core.transaction("k").await.unwrap();
    let inner = core.transaction("k").into_future().now_or_never().unwrap().unwrap();
    assert!(outer.must_insert() && inner.must_insert());
    inner.insert(secs(10)).execute_with("inner").await.unwrap();
    // The others wait for the one that leads.
    assert!(site.transaction("k").await.found().is_some());
    outer.insert(secs(10)).execute_with("outer").await.unwrap();
    assert_eq!(text(&site.found("k").await.unwrap()).await, "outer");
}

#[tokio::test]
async fn a_closure_may_want_its_own_key() {
    let site = Site::start().await;
    let cache = site.hand().await.simple;
    let value = cache
        .get_or_set_with("k", async || {
            let inner = cache.get_or_set("k", "inner", secs(10)).await?;
            Ok(([&inner[..], b" and outer"].concat(), secs(10)))
        })
        .now_or_never();
    assert_eq!(value.unwrap().unwrap(), "inner and outer");
}

#[tokio::test]
async fn two_who_hold_what_the_other_wants_do_not_wait_for_each_other() {
    let site = Site::start().await;
    let (one, two) = (site.core().await, site.core().await);
    let a = one.transaction("a").await.unwrap();
    let b = two.transaction("b").await.unwrap();
    let mut waits: Asking = Box::pin(one.transaction("b").into_future());
    assert!(now(&mut waits).is_none());
    let goes_alone = two.transaction("a").into_future().now_or_never().unwrap().unwrap();
    assert!(goes_alone.must_insert());
    b.insert(secs(10)).execute_with("b").await.unwrap();
    assert!(now(&mut waits).unwrap().found().is_some());
    a.insert(secs(10)).execute_with("a").await.unwrap();
}

/// A page that is cached, whose making wants a value, whose making wants the page.
#[tokio::test(start_paused = true)]
async fn a_circle_through_services_ends() {
    let page = async |cache: SimpleCache, other: Other| -> Result<Bytes> {
        cache
            .get_or_set_with("page", async || {
                let part = other.get("/part").await?.into_body().bytes(1024).await?;
                Ok((part, secs(60)))
            })
            .await
    };
    let inner = async |cache: SimpleCache| -> Result<Bytes> {
        cache.get_or_set("page", "the inner page", secs(60)).await
    };
    let site = Router::new().route("/", get(page)).route("/inner", get(inner));
    let part = async |back: Back| -> Result<Response> {
        let mut response = back.get("/inner").await?;
        let control = HeaderValue::from_static("max-age=60");
        response.headers_mut().insert(header::CACHE_CONTROL, control);
        Ok(response)
    };
    let edge = Edge::from_toml(CHAIN)
        .service(Service::new("site", site, vec![Other::NEED]))
        .service(Service::new("other", Router::new().fallback(part), vec![Back::NEED]))
        .start()
        .await;
    // This time goes by at once where nothing else can happen.
    let answer = tokio::time::timeout(secs(1), edge.get("http://site.localhost/")).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "the inner page"));
}
