use super::*;

/// RFC 3986 section 5.4, for a page at `/b/c/d;p?q`; then what is ours.
#[test]
fn a_src_is_resolved_against_its_page() {
    for (src, host, target) in [
        ("g", None, "/b/c/g"),
        ("./g", None, "/b/c/g"),
        ("g/", None, "/b/c/g/"),
        ("/g", None, "/g"),
        ("//g", Some("g"), "/"),
        ("?y", None, "/b/c/d;p?y"),
        ("g?y", None, "/b/c/g?y"),
        ("#s", None, "/b/c/d;p?q"),
        ("g#s", None, "/b/c/g"),
        ("g?y#s", None, "/b/c/g?y"),
        (";x", None, "/b/c/;x"),
        ("g;x", None, "/b/c/g;x"),
        ("", None, "/b/c/d;p?q"),
        (".", None, "/b/c/"),
        ("./", None, "/b/c/"),
        ("..", None, "/b/"),
        ("../", None, "/b/"),
        ("../g", None, "/b/g"),
        ("../..", None, "/"),
        ("../../g", None, "/g"),
        ("../../../g", None, "/g"),
        ("/./g", None, "/g"),
        ("/../g", None, "/g"),
        ("g.", None, "/b/c/g."),
        ("..g", None, "/b/c/..g"),
        ("./g/.", None, "/b/c/g/"),
        ("g/./h", None, "/b/c/g/h"),
        ("g/../h", None, "/b/c/h"),
        ("g?y/../x", None, "/b/c/g?y/../x"),
        ("http://Other.example", Some("other.example"), "/"),
        ("HTTPS://o.example:8443/x?y=1#z", Some("o.example:8443"), "/x?y=1"),
        ("http://o.example./x", Some("o.example"), "/x"),
        ("http://o.example?q", Some("o.example"), "/?q"),
        ("//[::1]:80/x", Some("[::1]:80"), "/x"),
        ("a b/ü\"", None, "/b/c/a%20b/%C3%BC%22"),
        ("/a%20b?c=d e", None, "/a%20b?c=d%20e"),
        ("/a//b", None, "/a//b"),
        ("./a:b", None, "/b/c/a:b"),
    ] {
        let host = host.map(str::to_owned);
        let expected = Address { host, target: target.to_owned() };
        assert_eq!(resolve(src, "/b/c/d;p?q"), Ok(expected), "{src}");
    }
}

#[test]
fn some_lead_nowhere() {
    for (src, expected) in [
        ("ftp://o.example/", BadAddress::Scheme),
        ("javascript:alert(1)", BadAddress::Scheme),
        ("data:text/html,x", BadAddress::Scheme),
        ("http:/x", BadAddress::Host),
        ("http:x", BadAddress::Host),
        ("http:///x", BadAddress::Host),
        ("http://user@o.example/", BadAddress::Host),
        ("//user:pass@o.example/", BadAddress::Host),
        ("http://o example/", BadAddress::Host),
        ("http://:80/", BadAddress::Host),
        ("http://ü.example/", BadAddress::Host),
    ] {
        assert_eq!(resolve(src, "/"), Err(expected), "{src}");
    }
}
