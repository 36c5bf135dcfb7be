//! Which urls a backend may have.

use super::BackendUrl;

#[test]
fn urls_and_their_authority() {
    let cases = [
        ("http://127.0.0.1:9000", "http", "127.0.0.1", 9000, "127.0.0.1:9000"),
        ("https://Origin.Example/", "https", "origin.example", 443, "origin.example"),
        ("HTTP://origin.example:80", "http", "origin.example", 80, "origin.example"),
        ("https://origin.example:80", "https", "origin.example", 80, "origin.example:80"),
        ("http://[::1]:9000", "http", "[::1]", 9000, "[::1]:9000"),
        ("http://[0:0::1]", "http", "[::1]", 80, "[::1]"),
    ];
    for (text, scheme, host, port, authority) in cases {
        let url = BackendUrl::parse(text).expect(text);
        assert_eq!((url.scheme.as_str(), url.host.as_str(), url.port), (scheme, host, port));
        assert_eq!(url.authority(), authority);
    }
}

#[test]
fn refused_urls() {
    let cases = [
        ("origin.example", "no scheme"),
        ("ftp://origin.example", "other than"),
        ("http://", "no usable host"),
        ("http:///x", "not supported yet"),
        ("http://a/b", "path, which is not supported yet"),
        ("http://a//", "path, which is not supported yet"),
        ("http://a?b", "query"),
        ("http://a/#b", "query"),
        ("http://me@a", "user name"),
        ("http://a:", "port ``"),
        ("http://a:0", "port `0`"),
        ("http://a:+80", "port `+80`"),
        ("http://a:65536", "port `65536`"),
        ("http://a:b:1", "port `b:1`"),
        ("http://::1", "port"),
        ("http://[::1", "port"),
        ("http://a b", "at position 2"),
        ("http://é", "at position 1"),
        ("http://127.1:9000", "write 127.0.0.1"),
        ("http://0x7f000001", "write 127.0.0.1"),
        ("https://foo.123", "no address"),
        ("http://-a.test", "where a part begins"),
    ];
    for (text, part) in cases {
        let error = BackendUrl::parse(text).expect_err(text);
        assert!(error.contains(part), "`{text}`: {error}");
    }
}

#[test]
fn only_a_name_at_a_port_of_ours_may_be_ours() {
    for (text, expected) in [
        ("http://shop.example", true),
        ("https://shop.example", true),
        ("http://shop.example:443", true),
        ("http://shop.example:7676", true),
        ("http://shop.example:9000", false),
        ("http://localhost:7676", false),
        ("http://127.0.0.1:7676", false),
        ("http://[::1]:80", false),
    ] {
        let url = BackendUrl::parse(text).expect(text);
        assert_eq!(url.may_be_ours(&[7676]), expected, "{text}");
    }
}

#[test]
fn urls_that_lead_to_the_machine_itself() {
    for (host, expected) in [
        ("127.0.0.1", true),
        ("127.9.9.9", true),
        ("0.0.0.0", true),
        ("[::1]", true),
        ("[::]", true),
        ("[::ffff:127.0.0.1]", true),
        ("localhost", true),
        ("Shop.LocalHost", true),
        ("notlocalhost", false),
        ("localhost.example", false),
        ("128.0.0.1", false),
        ("[2001:db8::1]", false),
    ] {
        let url = BackendUrl::parse(&format!("http://{host}:8080")).expect(host);
        assert_eq!(url.is_loopback(), expected, "{host}");
    }
}
