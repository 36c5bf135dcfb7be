//! Purges meet what code stores as they meet responses (platform.md section 8, coverage).

use super::*;

async fn admin(site: &Site, path: &str) -> String {
    let answer = site.edge.admin(Method::POST, path).header("fastly-key", "t").send().await;
    assert_eq!(answer.status, 200);
    answer.header("selvedge-purged")
}

async fn tagged(site: &Site) {
    let insert = site.core().await.insert("/", secs(10)).stale_while_revalidate(secs(5));
    insert.surrogate_keys(["tag"]).execute_with("a").await.unwrap();
    site.hand().await.simple.get_or_set("/", "b", secs(10)).await.unwrap();
}

/// Whether the object and the value are there.
async fn there(site: &Site) -> (bool, bool) {
    let value = site.hand().await.simple.get("/").await.unwrap();
    (site.found("/").await.is_some(), value.is_some())
}

#[tokio::test]
async fn what_a_purge_takes() {
    for (path, counted, left) in [
        ("/purge/site.localhost/", 0, (true, true)),
        ("/service/site/purge/tag", 1, (false, true)),
        ("/service/site/purge/other", 0, (true, true)),
        ("/service/other/purge/tag", 0, (true, true)),
        ("/service/site/purge_all", 2, (false, false)),
        ("/service/other/purge_all", 0, (true, true)),
    ] {
        let site = Site::start().await;
        tagged(&site).await;
        assert_eq!(admin(&site, path).await, format!("IAD=0, LHR={counted}"), "{path}");
        assert_eq!(there(&site).await, left, "{path}");
    }
}

#[tokio::test]
async fn after_a_soft_purge_the_window_runs_from_it() {
    let site = Site::start().await;
    tagged(&site).await;
    site.advance(3).await;
    site.hand().await.purge.soft_surrogate_key("tag").await.unwrap();
    let transaction = site.transaction("/").await;
    assert!(transaction.found().is_some() && transaction.must_insert_or_update());
    drop(transaction);
    site.advance_ms(4_999).await;
    assert!(site.found("/").await.unwrap().is_stale());
    site.advance_ms(1).await;
    assert!(site.found("/").await.is_none());
}

#[tokio::test]
async fn what_began_before_a_purge_is_not_found_after_it() {
    for path in ["/service/site/purge/tag", "/service/site/purge_all"] {
        let site = Site::start().await;
        let insert = site.transaction("k").await.insert(secs(10)).surrogate_keys(["tag"]);
        let (mut writer, own) = insert.execute_and_stream_back().await.unwrap();
        writer.write("be").await.unwrap();
        admin(&site, path).await;
        assert!(site.found("k").await.is_none(), "{path}");
        // Whoever asks now makes another, and gets that.
        let later = site.transaction("k").await;
        assert!(later.must_insert(), "{path}");
        later.insert(secs(10)).execute_with("after").await.unwrap();
        writer.write("fore").await.unwrap();
        writer.finish().await.unwrap();
        assert_eq!(text(&own).await, "before");
        assert_eq!(text(&site.found("k").await.unwrap()).await, "after", "{path}");
    }
}
