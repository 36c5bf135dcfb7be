//! Pages that would never end.

use selvedge_model::limits::{ESI_DEPTH_MAX, ESI_INCLUDES_MAX};
use selvedge_testkit::{Edge, ok};

use super::{PAGES, URL, edge, html, logs, replies, with_page};

#[tokio::test]
async fn fragments_are_nested_so_deep_and_no_deeper() {
    let edge = edge(&[PAGES]).await;
    for depth in 0..=ESI_DEPTH_MAX {
        let next = depth + 1;
        let template = format!("{depth}<esi:include src=\"/page/{next}\" onerror=\"continue\"/>");
        replies(&edge, &format!("/page/{depth}"), html(&template));
    }
    assert_eq!(edge.get(&format!("{URL}/0")).await.text(), "012345");
    assert_eq!(logs(&edge), ["esi: /page/5: `/page/6`: it is nested too deep"]);
}

#[tokio::test]
async fn a_page_is_no_part_of_itself() {
    let edge = with_page("a<esi:include src=\"/page/b\" onerror=\"continue\"/>c").await;
    replies(&edge, "/page/b", html("b<esi:include src=\"/page\" onerror=\"continue\"/>"));
    assert_eq!(edge.get(URL).await.text(), "abc");
    assert_eq!(logs(&edge), ["esi: /page/b: `/page`: it is a page that it would be a part of"]);
}

#[tokio::test]
async fn a_page_has_so_many_includes_and_no_more() {
    let tag = "<esi:include src=\"/f\" onerror=\"continue\"/>";
    let edge = with_page(&tag.repeat(ESI_INCLUDES_MAX + 2)).await;
    replies(&edge, "/f", html("f"));
    assert_eq!(edge.get(URL).await.text(), "f".repeat(ESI_INCLUDES_MAX));
    assert_eq!(logs(&edge), ["esi: /page: `/f`: the page has too many includes"; 2]);
    assert_eq!(
        edge.get(URL).await.text(),
        "f".repeat(ESI_INCLUDES_MAX),
        "the next one has its own"
    );
}

/// Each fragment has two of its own: without a limit for all of them there would be four thousand.
#[tokio::test]
async fn the_includes_of_fragments_count_too() {
    let edge = edge(&[PAGES]).await;
    let template = |depth: usize| {
        let tag =
            |n: usize| format!("<esi:include src=\"/page/{depth}?{n}\" onerror=\"continue\"/>");
        format!("x{}", (0..8).map(tag).collect::<String>())
    };
    for depth in 0..=ESI_DEPTH_MAX {
        let path = if depth == 0 { "/page".to_owned() } else { format!("/page/{depth}") };
        replies(&edge, &path, html(&template(depth + 1)));
    }
    assert_eq!(edge.get(URL).await.text().len(), 1 + ESI_INCLUDES_MAX);
}

/// Two services whose pages are parts of each other.
#[tokio::test]
async fn a_loop_of_two_services_ends() {
    let service = |name: &str| {
        format!(
            "[services.{name}]\ntype = \"delivery\"\ndomains = [\"{name}.localhost\"]\n\
             backends.origin.url = \"http://origin.example\"\n\
             [[services.{name}.rules]]\nthen.esi = true\n"
        )
    };
    let head = "manifest_version = 1\nname = \"two\"\n[pops.LHR]\n";
    let edge = Edge::from_toml(&[head, &service("a"), &service("b")].concat()).start().await;
    for (name, other) in [("a", "b"), ("b", "a")] {
        let tag = format!("<esi:include src=\"http://{other}.localhost/\" onerror=\"continue\"/>");
        let _ = edge.origin(name, "origin").on("/").reply(ok(format!("{name}{tag}")).max_age(60));
    }
    assert_eq!(edge.get("http://a.localhost/").await.text(), "ab");
    // One that changes its name each time is stopped by depth.
    let tag = "<esi:include src=\"?again\" onerror=\"continue\"/>";
    let _ = edge.origin("a", "origin").on("/deep").reply(ok(format!("x{tag}")).max_age(60));
    assert_eq!(edge.get("http://a.localhost/deep").await.text(), "xx");
}
