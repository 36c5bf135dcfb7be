//! What goes on as it is, although a rule says `esi`.

use selvedge_testkit::{Fault, ok, status};

use super::{PAGES, URL, edge, html, logs, replies};

const TAG: &str = "<esi:include src=\"/f\"/>";

#[tokio::test]
async fn what_is_compressed_is_not_processed_and_that_is_told() {
    let edge = edge(&[PAGES]).await;
    replies(&edge, "/page", html(TAG).header("content-encoding", "gzip").header("etag", "\"1\""));
    for way in ["fwd=uri-miss; stored", "hit"] {
        let answer = edge.get(URL).await;
        assert_eq!((answer.text().as_str(), answer.header("etag").as_str()), (TAG, "\"1\""));
        let said = format!("\"LHR/site\"; {way}; ttl=60; detail=esi-encoded");
        assert_eq!(answer.header("cache-status"), said);
    }
    assert_eq!(logs(&edge)[0], "esi: /page is not processed: it has a `Content-Encoding`");
}

#[tokio::test]
async fn a_part_that_nobody_asked_for_is_not_processed() {
    let edge = edge(&[PAGES]).await;
    let part = status(206).body(TAG).header("content-range", "bytes 0-22/100");
    replies(&edge, "/page", part);
    let answer = edge.get(URL).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (206, TAG));
    assert_eq!(logs(&edge), ["esi: /page is not processed: it is a part only"]);
}

#[tokio::test]
async fn redirections_are_no_pages() {
    let edge = edge(&[PAGES]).await;
    replies(&edge, "/page", status(301).header("location", "/x").max_age(60).body(TAG));
    let answer = edge.get(URL).await;
    assert_eq!(
        (answer.text().as_str(), answer.header("cache-control").as_str()),
        (TAG, "max-age=60")
    );
    assert!(logs(&edge).is_empty());
}

#[tokio::test]
async fn a_backends_error_page_may_be_a_template() {
    let edge = edge(&[PAGES]).await;
    replies(&edge, "/page", status(404).body("<esi:include src=\"/f\"/>"));
    replies(&edge, "/f", ok("not here"));
    let answer = edge.get(URL).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (404, "not here"));
}

#[tokio::test]
async fn what_we_answer_ourselves_is_no_template() {
    let synthetic = "then.synthetic = { body = \"<esi:include src='/f'/>\" }";
    let edge = edge(&[
        &format!("when.path = \"/page/own\"\n{synthetic}"),
        &format!("when.status = [404]\n{synthetic}"),
        PAGES,
    ])
    .await;
    replies(&edge, "/page/down", ok("").fault(Fault::Refuse));
    for path in ["/own", "/none"] {
        let answer = edge.get(&format!("{URL}{path}")).await;
        assert_eq!(answer.text(), "<esi:include src='/f'/>", "{path}");
    }
    let down = edge.get(&format!("{URL}/down")).await;
    assert_eq!(down.status.as_u16(), 502);
    assert_eq!(down.header("content-length"), down.text().len().to_string());
}

#[tokio::test]
async fn a_template_with_a_flaw_is_told_once_and_followed_as_far_as_it_can_be() {
    let edge = edge(&[PAGES]).await;
    replies(&edge, "/page", html("<esi:vars>a</esi:vars><esi:include src=\"/f\"/>"));
    replies(&edge, "/f", ok("f"));
    assert_eq!(edge.get(URL).await.text(), "<esi:vars>a</esi:vars>f");
    assert_eq!(logs(&edge), ["esi: /page has an unknown tag, which stays as it is"]);
}
