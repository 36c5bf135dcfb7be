//! Fragments that cannot be had: another place, nothing, or a page that breaks off.

use selvedge_testkit::{Fault, ok, status};

use super::{URL, html, logs, replies, with_page};

#[tokio::test]
async fn a_fragment_that_is_not_there_is_looked_for_elsewhere() {
    for reply in [
        status(404).body("no"),
        status(503),
        status(302).header("location", "/f"),
        ok("").fault(Fault::Refuse),
        ok("zipped").header("content-encoding", "gzip"),
        status(206).body("pa").header("content-range", "bytes 0-1/4"),
    ] {
        let edge = with_page("a<esi:include src=\"/bad\" alt=\"/f\"/>c").await;
        replies(&edge, "/bad", reply.clone());
        replies(&edge, "/f", ok("b"));
        assert_eq!(edge.get(URL).await.text(), "abc", "{reply:?}");
        assert_eq!(logs(&edge).len(), 1);
    }
}

#[tokio::test]
async fn a_page_goes_on_without_what_it_can_do_without() {
    for src in ["/none", "ftp://x.example/", "http://user@x.example/", "//:80/", "/page"] {
        let tag = format!("a<esi:include src=\"{src}\" alt=\"/none\" onerror=\"continue\"/>b");
        let edge = with_page(&tag).await;
        let answer = edge.get(URL).await;
        assert_eq!((answer.text().as_str(), answer.broken), ("ab", false), "{src}");
        assert_eq!(logs(&edge).len(), 2, "{src}: {:?}", logs(&edge));
        assert!(logs(&edge)[0].starts_with(&format!("esi: /page: `{src}`: ")), "{src}");
    }
}

#[tokio::test]
async fn a_page_that_lacks_a_fragment_breaks_off() {
    let edge = with_page("a<esi:include src=\"/none\"/>b").await;
    let answer = edge.get(URL).await;
    assert_eq!((answer.text().as_str(), answer.broken), ("a", true));
    assert_eq!(logs(&edge), ["esi: /page: `/none`: the answer was 404"]);
}

#[tokio::test]
async fn a_fragment_without_content_is_one() {
    let edge = with_page("a<esi:include src=\"/f\"/>b").await;
    replies(&edge, "/f", status(204));
    assert_eq!(edge.get(URL).await.text(), "ab");
}

/// Half a fragment has been sent: whatever the tag says, there is no going on.
#[tokio::test]
async fn a_fragment_that_breaks_off_breaks_the_page() {
    let edge = with_page("a<esi:include src=\"/f\" alt=\"/g\" onerror=\"continue\"/>b").await;
    let half = ok("").chunks(["one".into(), "two".into()]).fault(Fault::Truncate(1));
    replies(&edge, "/f", half);
    let answer = edge.get(URL).await;
    assert_eq!((answer.text().as_str(), answer.broken), ("aone", true));
}

#[tokio::test]
async fn a_template_that_breaks_off_breaks_the_page() {
    let edge = with_page("").await;
    let chunks = ["a<esi:include src=\"/f\"/>b".into(), "never".into()];
    replies(&edge, "/page/half", html("").chunks(chunks).fault(Fault::Truncate(1)));
    replies(&edge, "/f", ok("f"));
    let answer = edge.get(&format!("{URL}/half")).await;
    assert_eq!((answer.text().as_str(), answer.broken), ("afb", true));
}
