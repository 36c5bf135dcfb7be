//! The lane for plain hits: a client cannot tell whether there is one.

use std::time::Duration;

use proptest::prelude::*;
use selvedge::Body;
use selvedge_runtime::{edge::Arrival, interim::Interim, reply::Reply, soon::Soon};
use selvedge_testkit::{Edge, Lanes};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, split},
    runtime::Builder,
};

mod code;
mod edge;
mod long;
mod node;
mod refused;
mod requests;
mod silent;

use self::{
    code::{Done, PATHS},
    edge::{WITH_ORIGINS, edge, edge_with},
    requests::request,
};

/// More than everything that a test here says or hears.
const ROOM: usize = 4 << 20;
/// So often everything that can go on may go on before the client says more.
const TURNS: usize = 64;

const GET: &str = "GET /small HTTP/1.1\r\nHost: site.localhost\r\n\r\n";

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

/// Whatever a handler answers, and however it comes; some of it ends the connection.
#[test]
fn what_code_answers_is_the_same_with_and_without_a_lane() {
    for path in PATHS {
        let get = format!("GET {path} HTTP/1.1\r\nHost: code.localhost\r\n\r\n");
        let requests = [get.clone(), get.replace("GET", "HEAD"), get.clone(), GET.to_owned(), get];
        let pieces: Vec<&[u8]> = requests.iter().map(|request| request.as_bytes()).collect();
        for pieces in [pieces.clone(), vec![pieces.concat().as_slice()]] {
            let [with, without] =
                [Lanes::Open, Lanes::Closed].map(|lanes| in_a_reactor(answers(lanes, &pieces)));
            // What is cut short before its head has left is not answered at all.
            assert_eq!(with.0.contains("HTTP/1.1 "), path != "/long", "{path}: {with:?}");
            assert_eq!(with, without, "{path}");
        }
    }
}

/// hyper writes the first answer and those to other methods and versions, the lane a hit, and what code makes at once.
#[tokio::test(start_paused = true)]
async fn a_status_that_is_not_registered_has_no_reason() {
    let edge = edge().await;
    let get = GET.replace("/small", "/299");
    let (head, older) = (get.replace("GET", "HEAD"), get.replace("HTTP/1.1", "HTTP/1.0"));
    let made = get.replace("site", "code");
    for (lanes, cache) in [(Lanes::Open, "MISS"), (Lanes::Closed, "HIT")] {
        let Client { mut heard, mut says } = Client::of(&edge, ROOM, lanes);
        let asks = [&get, &get, &head, &made, &made.replace("GET", "HEAD"), &older];
        says.write_all(asks.map(String::as_str).concat().as_bytes()).await.unwrap();
        let mut text = String::new();
        heard.read_to_string(&mut text).await.unwrap();
        let lines: Vec<_> = text.split("HTTP/1.").skip(1).map(|it| &it[..8]).collect();
        let last = "0 299 \r\n";
        assert_eq!(lines, [&["1 299 \r\n"; 5][..], &[last]].concat(), "{lanes:?}: {text}");
        let caches = text.split("x-cache: ").skip(1).map(|it| it.lines().next().unwrap());
        // Code has no cache.
        assert_eq!(caches.collect::<Vec<_>>(), [cache, "HIT", "HIT", "MISS", "MISS", "HIT"]);
    }
}

/// The handler is called once for each request, whoever writes what it answers.
#[tokio::test(start_paused = true)]
async fn work_for_after_the_response_is_done_once() {
    let done = Done::default();
    let edge = edge_with(&done).await;
    let mut client = Client::of(&edge, ROOM, Lanes::Open);
    for path in ["/after", "/later", "/after", "/text"] {
        client.say(&GET.replace("/small", path).replace("site", "code")).await;
        let text = client.hear(&path[1..]).await;
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    }
    edge.settle().await;
    assert_eq!(done.0.load(std::sync::atomic::Ordering::Relaxed), 2);
}

/// What lies on the shelf of the last service of a chain, as a connection would write it; none where it is not answered
/// so.
fn written(edge: &Edge, host: &str) -> Option<String> {
    let uri = format!("http://{host}.localhost/small");
    let mut request = http::Request::get(uri).body(Body::empty()).unwrap();
    let arrival = Arrival::from(None, "http");
    match edge.entrance().edge().reply(&mut request, &arrival, Interim::default()) {
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
