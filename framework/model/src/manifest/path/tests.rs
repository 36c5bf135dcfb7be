//! Which paths match, and the disguises that do not help.

use super::{PathPattern, loose_path, normalise_path};

#[test]
fn normal_forms() {
    let cases = [
        ("/", "/"),
        ("", "/"),
        ("*", "/*"),
        ("/account", "/account"),
        ("/account/", "/account/"),
        ("//account", "/account"),
        ("/a///b//", "/a/b/"),
        ("/%61ccount", "/account"),
        ("/account/..%2f", "/"),
        ("/account/..%2Fx", "/x"),
        ("/x/%2e%2e/account", "/account"),
        ("/x/.%2E/account", "/account"),
        ("/./a/./b/.", "/a/b/"),
        ("/a/b/..", "/a/"),
        ("/..", "/"),
        ("/../../a", "/a"),
        ("/...", "/..."),
        ("/a/..b/c..", "/a/..b/c.."),
        ("/%7euser%5Fa", "/~user_a"),
        ("/a%3fb%23", "/a%3Fb%23"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/café", "/caf%C3%A9"),
        ("/a b", "/a%20b"),
        ("/%252e%252e/a", "/%252e%252e/a"),
        ("/%%32e%%32e/a", "/%252e%252e/a"),
        ("/%", "/%25"),
        ("/%2", "/%252"),
        ("/%zz", "/%25zz"),
        ("/%2%66", "/%252f"),
        ("/%é", "/%25%C3%A9"),
    ];
    for (path, expected) in cases {
        assert_eq!(normalise_path(path), expected, "for `{path}`");
    }
}

#[test]
fn a_normal_form_is_its_own() {
    let parts = ["/", ".", "%2e", "%2F", "%", "%25", "a", "2", "e", "%32", "é", ".."];
    for number in 0..parts.len().pow(4) {
        let pick = |place: u32| parts[number / parts.len().pow(place) % parts.len()];
        let path: String = (0..4).map(pick).collect();
        let normal = normalise_path(&path);
        assert_eq!(normalise_path(&normal), normal, "for `{path}`");
        assert!(normal.starts_with('/') && !normal.contains("//") && !normal.contains("/../"));
    }
}

#[test]
fn matches() {
    let cases = [
        ("/account/**", "/account", true),
        ("/account/**", "/account/", true),
        ("/account/**", "/account/a/b", true),
        ("/account/**", "/accounts", false),
        ("/account/**", "/", false),
        ("/**", "/", true),
        ("/**", "/a/b/", true),
        ("/", "/", true),
        ("/", "/a", false),
        ("/*", "/a", true),
        ("/*", "/", true),
        ("/*", "/a/b", false),
        ("/a/*", "/a", false),
        ("/a/*/c", "/a/b/c", true),
        ("/a/*/c", "/a/b/b/c", false),
        ("/a/**/c", "/a/c", true),
        ("/a/**/c", "/a/b/b/c", true),
        ("/a/**/c", "/a/b/b/d", false),
        ("/**/b/**/d", "/a/b/c/b/d", true),
        ("/img-*.png", "/img-1.png", true),
        ("/img-*.png", "/img-.png", true),
        ("/img-*.png", "/img-1/2.png", false),
        ("/*a*b*", "/xxaxxb", true),
        ("/*a*b*", "/xxbxxa", false),
        ("/about", "/about/", false),
        ("/caf%c3%a9", "/caf%C3%A9", true),
        ("/café", "/caf%C3%A9", true),
        ("/A", "/a", false),
    ];
    for (pattern, path, expected) in cases {
        let pattern = PathPattern::new(pattern).expect(pattern);
        assert_eq!(pattern.matches(path), expected, "`{}` and `{path}`", pattern.as_str());
    }
}

#[test]
fn disguises_do_not_slip_past() {
    let pattern = PathPattern::new("/account/**").expect("pattern");
    let disguised = [
        "//account",
        "/%61ccount/x",
        "/x/%2e%2e/account",
        "/x/..%2faccount",
        "/./account/",
        "/account%2fx",
        "/%2Faccount",
    ];
    for path in disguised {
        assert!(pattern.matches(&normalise_path(path)), "`{path}`");
    }
    assert!(!pattern.matches(&normalise_path("/account/..%2f")));
    assert!(!pattern.matches(&normalise_path("/account/../pages")));
}

#[test]
fn refused_patterns() {
    let cases = [
        ("", "start with"),
        ("account", "start with"),
        ("**", "start with"),
        ("/a**", "segment of its own"),
        ("/***", "segment of its own"),
        ("/a?b", "cannot have"),
        ("/a//b", "compared as `/a/b`"),
        ("//", "compared as `/`"),
        ("/a/../b", "compared as `/b`"),
        ("/a/%2e", "compared as `/a/`"),
    ];
    for (pattern, part) in cases {
        let error = PathPattern::new(pattern).expect_err(pattern);
        assert!(error.contains(part), "`{pattern}`: {error}");
    }
}

#[test]
fn hostile_paths_are_matched_in_time() {
    let pattern = PathPattern::new(&"/**/*a*a*a*a*b".repeat(8)).expect("pattern");
    assert!(!pattern.matches(&"/aaaaaaaaaaaaaaaa".repeat(200)));
}

#[test]
fn what_a_lenient_server_might_read() {
    let cases = [
        ("/account", None),
        ("/account%252fx", Some("/account/x")),
        ("/%2561ccount", Some("/account")),
        ("/%25252561ccount", Some("/account")),
        ("/account\\x", Some("/account/x")),
        ("/account%5cx", Some("/account/x")),
        ("/account%255Cx", Some("/account/x")),
        ("/account;x", Some("/account")),
        ("/account;a=b/x;c", Some("/account/x")),
        ("/account%3bx", Some("/account")),
        ("/x/..;/account", Some("/x/../account")),
        ("/account.", Some("/account")),
        ("/account./x", Some("/account/x")),
        ("/account%20", Some("/account")),
        ("/account%09/..", Some("/account/..")),
        ("/account%00.css", Some("/account")),
        ("/account%2500", Some("/account")),
        ("/account%c0%afx", Some("/account/x")),
        ("/account%C1%9Cx", Some("/account/x")),
        ("/account%e0%80%afx", Some("/account/x")),
        ("/account%f0%80%80%afx", Some("/account/x")),
        ("/%c0%ae%c0%ae/account", Some("/../account")),
        ("/account%3fx", Some("/account")),
        ("/account%23x", Some("/account")),
        ("/caf%c3%a9%25", Some("/caf%C3%A9%25")),
        ("/100%", Some("/100%25")),
    ];
    for (path, expected) in cases {
        assert_eq!(loose_path(path).as_deref(), expected, "{path}");
    }
    let deep = format!("/{}", "%25".repeat(5000));
    assert!(loose_path(&deep).is_some_and(|path| path.len() <= deep.len()));
}
