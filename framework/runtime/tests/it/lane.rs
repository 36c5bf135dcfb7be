//! The lane for plain hits: a client cannot tell whether there is one.

use std::time::Duration;

use proptest::prelude::*;
use selvedge::Body;
use selvedge_runtime::{edge::Arrival, reply::Reply, soon::Soon};
use selvedge_testkit::{Edge, Lanes, ok, status};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, split},
    runtime::Builder,
};

const MANIFEST: &str = r#"
manifest_version = 1
name = "lane"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
[services.ruled]
type = "delivery"
domains = ["ruled.localhost"]
backends.origin = { url = "http://origin.example" }
[[services.ruled.rules]]
when.path = "/own/**"
then.response_headers.set.x-rule = "1"
[[services.ruled.rules]]
when.path = "/no"
then.deny = true
[services.outer]
type = "delivery"
domains = ["outer.localhost"]
backends.inner = { service = "site" }
"#;

/// Services that pass to others, most of them signed.
const CHAINS: &str = r#"
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", data = "the secret-seed of the test" }]
[services.back]
type = "delivery"
domains = ["back.localhost"]
backends.origin = { url = "http://origin.example" }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
require_chain_auth = { config = "config", secrets = "secrets" }
[services.front]
type = "delivery"
domains = ["front.localhost"]
cache = "off"
backends.back = { service = "back", chain_auth = { config = "config", secrets = "secrets" } }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.unsigned]
type = "delivery"
domains = ["unsigned.localhost"]
cache = "off"
backends.back = { service = "back" }
[services.third]
type = "delivery"
domains = ["third.localhost"]
backends.front = { service = "front" }
[[services.third.rules]]
when.path = "/s*"
then.pass = true
[services.seen]
type = "delivery"
domains = ["seen.localhost"]
backends.front = { service = "front" }
[[services.seen.rules]]
then.pass = true
[[services.seen.rules]]
when.status = [410]
then.deny = true
[services.changing]
type = "delivery"
domains = ["changing.localhost"]
backends.front = { service = "front" }
[[services.changing.rules]]
then = { pass = true, origin_headers.set.x-changed = "1", request_headers.set.x-by = "a" }
[services.around]
type = "delivery"
domains = ["around.localhost"]
cache = "off"
backends.around = { service = "around" }
"#;

/// Those with an origin of their own.
const WITH_ORIGINS: [&str; 3] = ["site", "ruled", "back"];

/// More than everything that a test here says or hears.
const ROOM: usize = 1 << 20;
/// So often everything that can go on may go on before the client says more.
const TURNS: usize = 64;

const GET: &str = "GET /small HTTP/1.1\r\nHost: site.localhost\r\n\r\n";

async fn edge() -> Edge {
    // Much of what is asked here nobody has scripted.
    let edge = Edge::from_toml(&[MANIFEST, CHAINS].concat()).lenient().start().await;
    for service in WITH_ORIGINS {
        let on = |path, reply| drop(edge.origin(service, "origin").on(path).reply(reply));
        on("/small", ok("0123456789").max_age(60).header("etag", "\"a\""));
        on("/own/x", ok("own").max_age(60));
        on("/keyed", ok("keyed").max_age(60).header("surrogate-key", "a").header("x-last", "1"));
        on("/by", ok("by").max_age(60).header("vary", "x-by"));
        on("/listed", ok("listed").max_age(60).header("cache-status", "other; hit"));
        on("/empty", ok("").max_age(60));
        on("/none", status(204).max_age(60));
        on("/gone", status(410).max_age(60).body("gone"));
        on("/16k", ok("s".repeat(16 * 1024)).max_age(60));
        on("/large", ok("l".repeat(70_000)).max_age(60));
        on("/private", ok("private").header("cache-control", "no-store"));
    }
    for path in ["/small", "/keyed", "/listed", "/16k", "/large"] {
        edge.get(&format!("http://site.localhost{path}")).await;
        edge.get(&format!("http://front.localhost{path}")).await;
    }
    edge
}

struct Client {
    heard: ReadHalf<DuplexStream>,
    says: WriteHalf<DuplexStream>,
}

impl Client {
    fn of(edge: &Edge, room: usize, lanes: Lanes) -> Self {
        let (heard, says) = split(edge.wire(room, lanes));
        Self { heard, says }
    }

    async fn say(&mut self, text: &str) {
        self.says.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next answer, which ends so.
    async fn hear(&mut self, end: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(end.as_bytes()) {
            text.push(self.heard.read_u8().await.unwrap());
        }
        String::from_utf8(text).unwrap()
    }

    async fn is_let_go(&mut self) -> bool {
        self.heard.read(&mut [0]).await.is_ok_and(|length| length == 0)
    }
}

/// Everything that an edge answers to these pieces, and how often its origins were asked.
async fn answers(lanes: Lanes, pieces: &[&[u8]]) -> (String, usize) {
    let edge = edge().await;
    let Client { mut heard, mut says } = Client::of(&edge, ROOM, lanes);
    let saying = async {
        for piece in pieces {
            // A connection that is closed does not listen.
            let _ = says.write_all(piece).await;
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
        }
        let _ = says.shutdown().await;
    };
    let hearing = async {
        let mut all = Vec::new();
        let _ = heard.read_to_end(&mut all).await;
        all
    };
    let ((), all) = tokio::join!(saying, hearing);
    let asked = WITH_ORIGINS.map(|service| edge.origin(service, "origin").count());
    (unordered(&String::from_utf8_lossy(&all)), asked.iter().sum())
}

/// Without the times of what hyper answers, and with the lines that follow one another in order: where fields are taken
/// off an answer, a header map changes theirs.
fn unordered(text: &str) -> String {
    let lines = text.split("\r\n").filter(|line| !line.starts_with("date: "));
    let mut sorted: Vec<Vec<&str>> = vec![Vec::new()];
    for line in lines {
        if line.is_empty() {
            sorted.push(Vec::new());
        } else if let Some(block) = sorted.last_mut() {
            block.push(line);
        }
    }
    sorted.iter_mut().for_each(|block| block.sort_unstable());
    sorted.iter().map(|block| block.join("\n")).collect::<Vec<_>>().join("\n\n")
}

fn in_a_reactor<T>(test: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(test)
}

fn cut(text: &[u8], mut cuts: Vec<usize>) -> Vec<&[u8]> {
    cuts.iter_mut().for_each(|cut| *cut %= text.len() + 1);
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.windows(2).filter_map(|ends| text.get(ends[0]..ends[1])).collect()
}

/// A request, plain or not.
fn request() -> impl Strategy<Value = String> {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nobody_can_tell_whether_there_is_a_lane(
        requests in prop::collection::vec(request(), 1..8),
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let text = requests.concat().into_bytes();
        let pieces = cut(&text, cuts);
        let [with, without] = [Lanes::Open, Lanes::Closed].map(|lanes| in_a_reactor(answers(lanes, &pieces)));
        prop_assert_eq!(with, without);
    }
}

/// Most requests come as a whole, and one after another.
#[test]
fn a_mixed_conversation_is_the_same_with_and_without_a_lane() {
    let services =
        ["site", "ruled", "outer", "back", "front", "unsigned", "third", "seen", "changing"];
    let paths = ["/small", "/own/x", "/keyed", "/listed", "/gone", "/none", "/large", "/private"];
    let get = |service, path| format!("GET {path} HTTP/1.1\r\nHost: {service}.localhost\r\n\r\n");
    let requests: Vec<String> = services
        .iter()
        .flat_map(|service| paths.map(|path| get(service, path)))
        .flat_map(|get| [get.clone(), get.replace("GET", "HEAD"), get])
        .collect();
    let pieces: Vec<&[u8]> = requests.iter().map(|request| request.as_bytes()).collect();
    let [with, without] =
        [Lanes::Open, Lanes::Closed].map(|lanes| in_a_reactor(answers(lanes, &pieces)));
    assert_eq!(with, without);
    assert_eq!(with.0.matches("HTTP/1.1 ").count(), requests.len());
    // What leaves the lane on its way through a chain goes on where it was: each token is used once.
    assert_eq!(with.0.matches("error-reason: chain token replayed").count(), 0);
    let missing = with.0.matches("error-reason: chain token missing").count();
    assert_eq!(missing, 2 * 3 * paths.len(), "to one service directly, to one without a token");
}

/// What lies on the shelf of the last service of a chain, as a connection would write it; none where it is not answered
/// so.
fn written(edge: &Edge, host: &str) -> Option<String> {
    let uri = format!("http://{host}.localhost/small");
    let request = http::Request::get(uri).body(Body::empty()).unwrap();
    match edge.entrance().edge().reply(request, Arrival::from(None, "http")) {
        Soon::Now(Reply::Stored(stored)) => {
            let mut text = Vec::new();
            stored.write(&mut text).unwrap();
            Some(String::from_utf8(text).unwrap())
        }
        Soon::Now(Reply::Made(_)) | Soon::Later(_) => None,
    }
}

#[tokio::test]
async fn a_hit_behind_other_services_is_answered_at_once_and_as_it_is_stored() {
    let edge = edge().await;
    for (host, hops) in [("site", 1), ("front", 2), ("third", 3)] {
        let text = written(&edge, host).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n0123456789"), "{text}");
        assert_eq!(text.matches("\r\ncache-status: ").count(), hops, "{text}");
        assert_eq!(text.matches(",VS0,VE0").count(), hops, "{text}");
    }
    for host in ["unsigned", "seen", "changing", "around", "outer"] {
        assert_eq!(written(&edge, host), None, "{host}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_let_go_when_the_lane_has_been_idle_for_too_long() {
    let edge = edge().await;
    let mut client = Client::of(&edge, ROOM, Lanes::Open);
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(29)).await;
        client.say(GET).await;
        assert!(client.hear("0123456789").await.contains("x-cache: HIT"));
    }
    let last = tokio::time::Instant::now();
    assert!(client.is_let_go().await);
    assert_eq!(last.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_everything_in_order_and_is_not_let_go() {
    let edge = edge().await;
    let mut client = Client::of(&edge, 100, Lanes::Open);
    let asking = async {
        for number in 0..40 {
            client.says.write_all(GET.replace("/small", "/keyed").as_bytes()).await.unwrap();
            if number % 2 == 0 {
                client.says.write_all(GET.as_bytes()).await.unwrap();
            }
        }
    };
    let (heard, ends) = (&mut client.heard, &mut Vec::new());
    let hearing = async {
        while ends.len() < 60 {
            let mut text = Vec::new();
            while !text.ends_with(b"0123456789") && !text.ends_with(b"\r\n\r\nkeyed") {
                text.push(heard.read_u8().await.unwrap());
                // Longer than a client may be silent.
                if text.len() == 50 && ends.len() % 20 == 0 {
                    tokio::time::sleep(Duration::from_secs(40)).await;
                }
            }
            assert!(text.starts_with(b"HTTP/1.1 200 OK\r\n"));
            ends.push(text.last().copied().unwrap());
        }
    };
    tokio::join!(asking, hearing);
    let expected: Vec<u8> =
        (0..40).flat_map(|n| if n % 2 == 0 { &b"d9"[..] } else { b"d" }).copied().collect();
    assert_eq!(*ends, expected);
}
