//! What a page is: its template and fragments from the cache, and a head of its own.

use std::time::Duration;

use selvedge_testkit::{Edge, Method, Verdict, ok};

use super::{PAGES, URL, asked, edge, html, replies, targets, with_page};

#[tokio::test]
async fn a_page_is_assembled_anew_from_what_lies_on_the_shelf() {
    let template = "<html><esi:include src=\"/head\"/><!--esi shown --><esi:remove>old</esi:remove>\
                    <esi:comment text=\"why\"/><esi:include src=\"pages/foot?a=1&amp;b=2\"/></html>";
    let edge = with_page(template).await;
    let head = edge.origin("site", "origin").on("/head");
    let _ = head.reply(ok("one").max_age(5)).reply(ok("two").max_age(5));
    replies(&edge, "/pages/foot", html("foot"));
    let first = edge.get(URL).await;
    assert_eq!(first.text(), "<html>one shown foot</html>");
    assert_eq!(targets(&edge), ["/page", "/head", "/pages/foot?a=1&b=2"]);
    // All of it is cached, each for its own time.
    assert_eq!(edge.get(URL).await.text(), first.text());
    edge.advance(Duration::from_secs(6)).await;
    let later = edge.get(URL).await;
    assert_eq!(later.text(), "<html>two shown foot</html>");
    assert_eq!(later.hop("site").verdict, Verdict::Hit);
    assert_eq!(later.header("x-cache"), "HIT");
    assert_eq!(targets(&edge)[3..], ["/head"]);
}

#[tokio::test]
async fn the_fragment_of_a_fragment_stands_in_the_page() {
    let edge = with_page("a<esi:include src=\"/page/b/\"/>e").await;
    replies(&edge, "/page/b/", html("b<esi:include src=\"c\"/>d"));
    replies(&edge, "/page/b/c", html("c"));
    assert_eq!(edge.get(URL).await.text(), "abcde");
}

#[tokio::test]
async fn the_tags_of_what_is_no_template_stay() {
    let edge = with_page("<esi:include src=\"/plain\"/>").await;
    replies(&edge, "/plain", html("<esi:include src=\"/x\"/>"));
    for url in [URL, "http://site.localhost/plain"] {
        assert_eq!(edge.get(url).await.text(), "<esi:include src=\"/x\"/>");
    }
}

#[tokio::test]
async fn the_head_of_a_page_says_nothing_that_is_true_of_its_template_only() {
    let edge = edge(&[PAGES]).await;
    let fields = [
        ("etag", "\"1\""),
        ("last-modified", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ("expires", "Tue, 14 Nov 2023 22:23:20 GMT"),
        ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ("age", "3"),
        ("accept-ranges", "bytes"),
        ("content-digest", "sha-256=:AAAA:"),
        ("surrogate-control", "max-age=60, content=\"ESI/1.0\""),
        ("cdn-cache-control", "max-age=60"),
    ];
    let reply = html("<esi:include src=\"/f\"/>").header("set-cookie", "a=1").header("x-own", "1");
    let reply = fields.iter().fold(reply, |reply, (name, value)| reply.header(name, value));
    replies(&edge, "/page", reply);
    replies(&edge, "/f", ok("f").header("set-cookie", "of=fragment").header("x-own", "2"));
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let text = if method == Method::GET { "f" } else { "" };
        let answer = asked(&edge, method, URL, &[]).await;
        for (name, _) in fields {
            assert_eq!(answer.header(name), "", "{name}");
        }
        assert_eq!(answer.header("content-length"), "");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert_eq!(answer.header("content-type"), "text/html");
        assert_eq!(
            (answer.header("set-cookie"), answer.header("x-own")),
            ("a=1".into(), "1".into())
        );
        assert_eq!(answer.text(), text);
    }
}

#[tokio::test]
async fn only_a_rule_lets_others_keep_a_page() {
    let edge = edge(&[
        PAGES,
        "when.path = \"/page/open\"\nthen.response_headers.set.cache-control = \"max-age=5\"",
    ])
    .await;
    replies(&edge, "/page", html("x").header("cache-control", "No-Store"));
    replies(&edge, "/page/open", html("x"));
    assert_eq!(edge.get(URL).await.header("cache-control"), "private, no-store");
    let open = edge.get("http://site.localhost/page/open").await;
    assert_eq!(open.header("cache-control"), "max-age=5");
}

#[tokio::test]
async fn head_fetches_no_fragment() {
    let edge = with_page("<esi:include src=\"/f\"/>").await;
    let answer = asked(&edge, Method::HEAD, URL, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""));
    assert_eq!(targets(&edge), ["/page"]);
}

#[tokio::test]
async fn the_answer_to_a_post_is_a_page_too_and_its_fragments_are_got() {
    let edge = with_page("<esi:include src=\"/f\"/>").await;
    replies(&edge, "/f", html("f"));
    let ask = edge.request(Method::POST, URL).header("content-type", "text/plain");
    let answer = ask.body("a form").send().await;
    assert_eq!(answer.text(), "f");
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!((&arrived[1].method, arrived[1].body.len()), (&Method::GET, 0));
    assert!(!arrived[1].headers.contains_key("content-type"));
}

#[tokio::test]
async fn a_shield_keeps_the_template_and_the_edge_makes_the_page() {
    let manifest = "manifest_version = 1\nname = \"esi\"\n[dev]\npop = \"LHR\"\n[pops.LHR]\n[pops.IAD]\n\
                    [services.site]\ntype = \"delivery\"\ndomains = [\"site.localhost\"]\n\
                    backends.origin = { url = \"http://origin.example\", shield = \"IAD\" }\n\
                    [[services.site.rules]]\nwhen.path = \"/page\"\nthen.esi = true\n";
    let edge = Edge::from_toml(manifest).start().await;
    replies(&edge, "/page", html("<esi:include src=\"/f\"/>").header("etag", "\"1\""));
    replies(&edge, "/f", html("f"));
    for (pop, status) in [("LHR", "MISS, MISS"), ("LHR", "MISS, HIT"), ("IAD", "HIT")] {
        let answer = edge.request(Method::GET, URL).at(pop).send().await;
        let shown = (answer.text(), answer.header("x-cache"), answer.header("etag"));
        assert_eq!(shown, ("f".into(), status.into(), String::new()), "{pop}");
    }
    assert_eq!(targets(&edge), ["/page", "/f"], "both POPs have what the shield has fetched");
}
