//! Requests of all kinds, as text.

use proptest::prelude::*;

/// A request, plain or not.
pub(super) fn request() -> impl Strategy<Value = String> {
    let host = prop::sample::select(vec![
        "site.localhost",
        "site.localhost",
        "Site.LocalHost:80",
        "ruled.localhost",
        "outer.localhost",
        "front.localhost",
        "front.localhost",
        "unsigned.localhost",
        "third.localhost",
        "seen.localhost",
        "changing.localhost",
        "around.localhost",
        "unknown.example",
    ]);
    let target = prop::sample::select(vec![
        "/small",
        "/small",
        "/keyed",
        "/by",
        "/listed",
        "/empty",
        "/none",
        "/gone",
        "/16k",
        "/large",
        "/long",
        "/private",
        "/own/x",
        "/no",
        "/nothing",
        "/small?a=b",
        "http://site.localhost/small",
        "*",
        "small",
        "/small#part",
    ]);
    let method = prop::sample::select(vec![
        "GET", "GET", "GET", "HEAD", "OPTIONS", "PURGE", "DELETE", "TRACE", "BREW",
    ]);
    let line = prop::sample::select(vec![
        "",
        "",
        "",
        "Connection: keep-alive\r\n",
        "Connection: close\r\n",
        "X-By: a\r\n",
        "If-None-Match: \"a\"\r\n",
        "Range: bytes=1-3\r\n",
        "Cache-Control: no-store\r\n",
        "If-Match: \"b\"\r\n",
        "Host: site.localhost\r\n",
        "Content-Length: 0\r\n",
        "bad line\r\n",
        "Expect: 100-continue\r\n",
        "Cookie: a=b\r\n",
        "CDN-Loop: selvedge\r\n",
        "TE: trailers\r\n",
        "Fastly-Key: none\r\nFastly-Debug: 1\r\n",
        "Authorization: Basic YQ==\r\n",
        "X-Forwarded-For: 10.0.0.1\r\n",
        "Edge-Auth: v2,1,1,LHR,AAAAAAAAAAAAAAAAAAAAAA,0x00\r\n",
        "Max-Forwards: 0\r\n",
    ]);
    let plain = (method, target, host, line).prop_map(|(method, target, host, line)| {
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{line}\r\n")
    });
    let odd = prop::sample::select(vec![
        "GET /small HTTP/1.0\r\nHost: site.localhost\r\n\r\n",
        "GET /small HTTP/1.0\r\nHost: site.localhost\r\nConnection: keep-alive\r\n\r\n",
        "GET /small HTTP/1.1\r\n\r\n",
        "\r\n\r\n",
        "POST /small HTTP/1.1\r\nHost: site.localhost\r\nContent-Length: 3\r\n\r\nabc",
        "GET /small HTTP/1.1\r\nHost: site.localhost\r\nContent-Length: 3\r\n\r\nabc",
        "POST /small HTTP/1.1\r\nHost: site.localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET /small HTTP/1.1\nHost: site.localhost\n\n",
        "CONNECT site.localhost:80 HTTP/1.1\r\nHost: site.localhost\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /sm",
    ]);
    prop_oneof![6 => plain, 1 => odd.prop_map(str::to_owned)]
}
