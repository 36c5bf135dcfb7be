//! Platform.md section 6.6: how a response that is stored, or on its way to the shelf, answers a client's conditions,
//! ranges and methods. Where production is known to be wrong, RFC 9110 decides.

use http::Method;
use selvedge_testkit::{Gate, Reply, ok};

use crate::site::{PROFILES, Seen, Site, request, rest};

const MODIFIED: &str = "Mon, 13 Nov 2023 00:00:00 GMT";
const BEFORE: &str = "Sun, 12 Nov 2023 23:59:59 GMT";
const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

/// Whether a response lies on the shelf already or is still coming in.
#[derive(Clone, Copy, Debug)]
enum State {
    Stored,
    Coming,
}

const STATES: [State; 2] = [State::Stored, State::Coming];

fn reply() -> Reply {
    let reply = ok("").chunks(["01234".into(), "56789".into()]).max_age(60).header("vary", "x-v");
    reply.header("etag", "\"1\"").header("last-modified", MODIFIED).header("date", DATE)
}

/// What a request gets for this reply.
async fn answered(
    profile: &'static str,
    state: State,
    reply: Reply,
    method: Method,
    headers: &[(&str, &str)],
) -> Seen {
    let gate = Gate::closed();
    let site = Site::of(profile).await.replying([reply.held(&gate)]);
    let first = site.crowd(1).await;
    gate.allow(2);
    rest().await;
    if matches!(state, State::Stored) {
        gate.open();
        rest().await;
    }
    let client = site.ask(request(method, "/", headers));
    rest().await;
    gate.open();
    let seen = client.seen().await;
    assert_eq!(site.asked(), 1, "{profile} {state:?} {headers:?}");
    assert_eq!(first.into_iter().next().unwrap().seen().await.text, "0123456789");
    seen
}

#[tokio::test]
async fn conditions_are_answered_here() {
    for (headers, code) in [
        (&[("if-none-match", "*")][..], 304),
        (&[("if-none-match", "\"1\"")], 304),
        (&[("if-none-match", "W/\"1\"")], 304),
        (&[("if-none-match", "\"0\", \"1\"")], 304),
        (&[("if-none-match", "\"0\"")], 200),
        (&[("if-none-match", "\"11\"")], 200),
        (&[("if-modified-since", MODIFIED)], 304),
        (&[("if-modified-since", DATE)], 304),
        (&[("if-modified-since", BEFORE)], 200),
        (&[("if-modified-since", DATE), ("if-none-match", "\"0\"")], 200),
        (&[("if-modified-since", BEFORE), ("if-none-match", "\"1\"")], 304),
        (&[("if-none-match", "\"1\""), ("range", "bytes=0-1")], 304),
    ] {
        for profile in PROFILES {
            for state in STATES {
                let seen = answered(profile, state, reply(), Method::GET, headers).await;
                assert_eq!(seen.status, code, "{profile} {state:?} {headers:?}");
                assert_eq!(seen.text, if code == 304 { "" } else { "0123456789" });
            }
        }
    }
}

#[tokio::test]
async fn a_304_has_what_a_copy_needs() {
    for profile in PROFILES {
        for state in STATES {
            let reply = reply().header("content-location", "/here").header("expires", DATE);
            let headers = [("if-none-match", "\"1\"")];
            let seen = answered(profile, state, reply, Method::GET, &headers).await;
            let names =
                ["cache-control", "content-location", "date", "etag", "expires", "vary", "age"];
            let there = names.map(|name| seen.header(name));
            assert_eq!(there, ["max-age=60", "/here", DATE, "\"1\"", DATE, "x-v", "0"]);
            assert_eq!(seen.header("content-length"), "", "{profile} {state:?}");
        }
    }
}

/// Without Last-Modified it is Date, and without that the time of receipt, that counts.
#[tokio::test]
async fn if_modified_since_falls_back_to_the_date() {
    let lasting = |reply: Reply| reply.header("cache-control", "max-age=864000");
    for profile in PROFILES {
        for (reply, since, code) in [
            (ok("x").header("date", MODIFIED), MODIFIED, 304),
            (ok("x").header("date", MODIFIED), BEFORE, 200),
            (ok("x"), DATE, 304),
            (ok("x"), MODIFIED, 200),
        ] {
            let site = Site::of(profile).await.replying([lasting(reply)]);
            site.see().await;
            let seen = site.see_with(&[("if-modified-since", since)]).await;
            assert_eq!((seen.status, site.asked()), (code, 1), "{profile} {since}");
        }
    }
}

#[tokio::test]
async fn ranges_are_cut_as_rfc_9110_says() {
    for (range, code, content_range, text) in [
        ("bytes=2-4", 206, "bytes 2-4/10", "234"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=-3", 206, "bytes 7-9/10", "789"),
        // Production answers 200 here.
        ("bytes=3-3", 206, "bytes 3-3/10", "3"),
        // Production echoes bounds that are not there.
        ("bytes=8-99", 206, "bytes 8-9/10", "89"),
        ("bytes=-99", 206, "bytes 0-9/10", "0123456789"),
        ("bytes=10-", 416, "bytes */10", ""),
        ("bytes=4-2", 200, "", "0123456789"),
        ("lines=1-2", 200, "", "0123456789"),
    ] {
        for profile in PROFILES {
            for state in STATES {
                let headers = [("range", range)];
                let seen = answered(profile, state, reply(), Method::GET, &headers).await;
                let got = (seen.status, seen.header("content-range"), seen.text.as_str());
                assert_eq!(got, (code, content_range, text), "{profile} {state:?} {range}");
                if code != 416 {
                    assert_eq!(seen.header("accept-ranges"), "bytes", "{profile} {state:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn if_range_needs_the_same_representation() {
    for profile in PROFILES {
        for state in STATES {
            for (if_range, code) in [("\"1\"", 206), ("\"0\"", 200), ("W/\"1\"", 200)] {
                let headers = [("range", "bytes=2-4"), ("if-range", if_range)];
                let seen = answered(profile, state, reply(), Method::GET, &headers).await;
                assert_eq!(seen.status, code, "{profile} {state:?} {if_range}");
            }
        }
    }
}

/// Production makes a 206 of it.
#[tokio::test]
async fn a_stored_404_has_no_ranges() {
    for profile in PROFILES {
        let missing = selvedge_testkit::status(404).body("nothing").max_age(60);
        let site = Site::of(profile).await.replying([missing]);
        site.see().await;
        let seen = site.see_with(&[("range", "bytes=0-1")]).await;
        assert_eq!((seen.status, seen.text.as_str()), (404, "nothing"), "{profile}");
    }
}

#[tokio::test]
async fn head_has_the_same_headers_and_no_body() {
    for profile in PROFILES {
        for state in STATES {
            let whole = answered(profile, state, reply(), Method::GET, &[]).await;
            let head = answered(profile, state, reply(), Method::HEAD, &[]).await;
            assert_eq!((head.status, head.text.as_str()), (200, ""), "{profile} {state:?}");
            for name in ["content-length", "etag", "age", "accept-ranges", "cache-control"] {
                assert_eq!(head.header(name), whole.header(name), "{profile} {state:?} {name}");
            }
            assert_eq!(head.header("content-length"), "10", "{profile} {state:?}");
        }
    }
}

/// While nobody knows how long it will be, ranges are answered with the whole, which a server may always do.
#[tokio::test]
async fn a_body_of_unknown_length_is_answered_whole_while_it_comes_in() {
    for profile in PROFILES {
        let chunked = || reply().header("transfer-encoding", "chunked");
        let headers = [("range", "bytes=2-4")];
        let coming = answered(profile, State::Coming, chunked(), Method::GET, &headers).await;
        assert_eq!((coming.status, coming.text.as_str()), (200, "0123456789"), "{profile}");
        let stored = answered(profile, State::Stored, chunked(), Method::GET, &headers).await;
        assert_eq!((stored.status, stored.text.as_str()), (206, "234"), "{profile}");
    }
}

/// `Age` is always said of a hit, in whole seconds that have passed.
#[tokio::test]
async fn every_hit_tells_its_age() {
    for profile in PROFILES {
        let site = Site::of(profile).await.replying([reply().header("age", "7")]);
        site.see().await;
        for (later_ms, age) in [(0, "7"), (999, "7"), (1, "8"), (50_000, "58")] {
            site.wait_ms(later_ms).await;
            let seen = site.see().await;
            assert_eq!((seen.how().as_str(), seen.header("age")), ("hit", age), "{profile}");
        }
    }
}
