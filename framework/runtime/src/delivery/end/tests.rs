use super::appended;

#[test]
fn a_path_is_appended_and_never_becomes_a_host() {
    for (to, target, place) in [
        ("https://a.example", "/x?q=1", "https://a.example/x?q=1"),
        ("https://a.example/", "/x", "https://a.example/x"),
        ("https://a.example/base/", "/x/", "https://a.example/base/x/"),
        ("https://a.example/?a=1#top", "/x?b=2", "https://a.example/x?a=1&b=2#top"),
        ("https://a.example", "//evil.example/", "https://a.example/evil.example/"),
        ("/", "//evil.example/x", "/evil.example/x"),
        ("/", "/\\evil.example/x", "/evil.example/x"),
        ("/new", "//evil.example/x", "/new/evil.example/x"),
        ("/new", "/a%2Fb", "/new/a%2Fb"),
    ] {
        assert_eq!(appended(to, &target.parse().unwrap()), place, "{to} {target}");
    }
}
