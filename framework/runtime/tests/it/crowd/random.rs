//! Random crowds: whatever order clients come, are polled and go in, whatever the origin does and whenever, the origin
//! is asked for one thing once at a time, and each client gets a right body or a named error.

use bytes::Bytes;
use proptest::prelude::*;
use selvedge_testkit::{Answer, Edge, Fault, Gate, Origin, Reply, ok, status};

use super::{Client, everybody, others};

const MANIFEST: &str = r#"
manifest_version = 1
name = "crowd"
[pops.LHR]
[services.rfc]
type = "delivery"
domains = ["rfc.localhost"]
backends.origin = { url = "http://origin.example" }
[services.fastly]
type = "delivery"
cache_profile = "fastly"
domains = ["fastly.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

const PATHS: usize = 2;

/// As many replies as a path has; more are never asked for, since each client asks at most once.
const REPLIES: usize = 24;

/// What an origin answers. Others may use all of it, or it says nothing of the next answer, so that nobody asks beside
/// another.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Fresh(usize),
    Truncated,
    Reset,
    Error,
}

impl Kind {
    /// How many steps it can do and still have some before it.
    fn steps(self) -> usize {
        match self {
            Self::Fresh(chunks) => chunks,
            Self::Truncated => 1,
            Self::Reset | Self::Error => 0,
        }
    }
}

#[derive(Clone, Debug)]
enum Act {
    Come {
        path: usize,
        range: bool,
    },
    Run(usize),
    Go(usize),
    /// The oldest reply that is held goes on by a step, but not to its end.
    Step(usize),
    Open(usize),
    Others,
    Purge(usize),
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => (1usize..4).prop_map(Kind::Fresh),
        1 => Just(Kind::Truncated),
        1 => Just(Kind::Reset),
        1 => Just(Kind::Error),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let path = || 0..PATHS;
    prop_oneof![
        5 => (path(), prop::bool::weighted(0.2)).prop_map(|(path, range)| Act::Come { path, range }),
        6 => (0usize..8).prop_map(Act::Run),
        2 => (0usize..8).prop_map(Act::Go),
        3 => path().prop_map(Act::Step),
        2 => path().prop_map(Act::Open),
        4 => Just(Act::Others),
        1 => path().prop_map(Act::Purge),
    ]
}

/// The body of a path's reply with this number.
fn body(path: usize, number: usize) -> String {
    format!("path {path}, reply {number:02}, and so on to the end;").repeat(3)
}

fn reply(path: usize, number: usize, kind: Kind, gate: &Gate) -> Reply {
    let body = body(path, number);
    let chunks = |count: usize| {
        let size = body.len().div_ceil(count);
        let chunks: Vec<Bytes> = body.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
        ok("").chunks(chunks).header("etag", &format!("\"{path}-{number}\""))
    };
    let reply = match kind {
        Kind::Fresh(count) => chunks(count).max_age(60),
        Kind::Truncated => chunks(3).max_age(60).fault(Fault::Truncate(1)),
        Kind::Reset => ok("").fault(Fault::Reset),
        Kind::Error => status(500),
    };
    reply.held(gate)
}

/// The replies of one path.
struct Script {
    origin: Origin,
    gates: Vec<Gate>,
    /// How many steps each of them may be let go on by.
    steps: Vec<usize>,
    target: String,
    opened: usize,
}

impl Script {
    fn new(edge: &Edge, service: &str, path: usize, kinds: &[Kind]) -> Self {
        let origin = edge.origin(service, "origin");
        let gates: Vec<Gate> = (0..REPLIES).map(|_| Gate::closed()).collect();
        let target = format!("/{path}");
        let steps = kinds.iter().cycle().take(REPLIES).map(|kind| kind.steps()).collect();
        for (number, gate) in gates.iter().enumerate() {
            let kind = kinds[number % kinds.len()];
            let _ = origin.on(&target).reply(reply(path, number, kind, gate));
        }
        Self { origin, gates, steps, target, opened: 0 }
    }

    fn arrived(&self) -> usize {
        self.origin.arrived().iter().filter(|it| it.target == self.target).count()
    }

    /// The oldest reply that was asked for and is held.
    fn held(&self) -> Option<&Gate> {
        self.gates.get(self.opened).filter(|_| self.opened < self.arrived())
    }

    fn step(&mut self) {
        if let Some(gate) = self.held().filter(|_| self.steps[self.opened] > 0) {
            gate.allow(1);
            self.steps[self.opened] -= 1;
        }
    }

    fn open(&mut self) {
        if let Some(gate) = self.held() {
            gate.open();
            self.opened += 1;
        }
    }
}

/// A right body, all of it or the range that was asked for; a beginning of one that broke off; or a named error.
fn check(path: usize, answer: &Answer) {
    let is_one = |is: &dyn Fn(&str) -> bool| (0..REPLIES).any(|number| is(&body(path, number)));
    let text = answer.text();
    match answer.status.as_u16() {
        200 if answer.broken => assert!(is_one(&|body| body.starts_with(&text)), "{text}"),
        200 => assert!(is_one(&|body| body == text), "{text}"),
        206 if answer.broken => assert!(is_one(&|body| body[1..].starts_with(&text)), "{text}"),
        206 => assert!(is_one(&|body| body[1..5] == text), "{text}"),
        500 => assert!(text.is_empty(), "the origin's own"),
        _ => assert!(answer.hops.iter().any(|hop| hop.refused.is_some()), "{answer:?}"),
    }
}

async fn crowd(service: &str, kinds: &[Kind], acts: &[Act]) {
    let edge = Edge::from_toml(MANIFEST).admin_token("token").start().await;
    let mut scripts: Vec<Script> =
        (0..PATHS).map(|path| Script::new(&edge, service, path, kinds)).collect();
    let mut clients: Vec<(usize, Client<'_>)> = Vec::new();
    let (mut come, mut purged, mut most) = ([0; PATHS], [false; PATHS], [1; PATHS]);
    for act in acts {
        match act {
            Act::Come { path, range } if come[*path] < REPLIES => {
                come[*path] += 1;
                let url = format!("http://{service}.localhost/{path}");
                let ask = edge.request(http::Method::GET, &url);
                // Under `rfc` the origin is asked for the range, which answers nobody who wants the whole.
                if *range && service == "rfc" {
                    most[*path] = 2;
                }
                let ask = if *range { ask.header("range", "bytes=1-4") } else { ask };
                clients.push((*path, Client::new(ask.send())));
            }
            Act::Come { .. } => {}
            Act::Run(place) => {
                let run = clients.get_mut(*place).and_then(|(_, client)| client.run());
                if let Some(answer) = run {
                    check(clients.swap_remove(*place).0, &answer);
                }
            }
            Act::Go(client) if *client < clients.len() => drop(clients.swap_remove(*client)),
            Act::Go(_) => {}
            Act::Step(path) => scripts[*path].step(),
            Act::Open(path) => {
                scripts[*path].open();
                // What was let go is done before the next is counted.
                others().await;
            }
            Act::Others => others().await,
            Act::Purge(path) => {
                purged[*path] = true;
                let url = format!("/purge/{service}.localhost/{path}");
                let purge = edge.admin(http::Method::POST, &url).header("fastly-key", "token");
                assert_eq!(purge.send().await.status, 200);
            }
        }
        for (path, script) in scripts.iter().enumerate() {
            let under_way = script.arrived() - script.opened;
            // Whoever asks after a purge does not wait for what began before it.
            assert!(under_way <= most[path] || purged[path], "{under_way} at once");
        }
    }
    finish(clients, &mut scripts).await;
}

/// All gates open one after the other; then everybody has his answer.
async fn finish(clients: Vec<(usize, Client<'_>)>, scripts: &mut [Script]) {
    let mut by_path: Vec<Vec<Client<'_>>> = (0..PATHS).map(|_| Vec::new()).collect();
    clients.into_iter().for_each(|(path, client)| by_path[path].push(client));
    for (path, waiting) in by_path.iter_mut().enumerate() {
        for _ in 0..=REPLIES {
            everybody(waiting).await.iter().for_each(|answer| check(path, answer));
            scripts[path].open();
        }
        assert!(waiting.is_empty(), "{} wait in vain", waiting.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn each_gets_a_right_body_or_a_named_error(
        fastly: bool,
        kinds in prop::collection::vec(kind(), 1..6),
        acts in prop::collection::vec(act(), 0..80),
    ) {
        let reactor = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let service = if fastly { "fastly" } else { "rfc" };
        reactor.block_on(crowd(service, &kinds, &acts));
    }
}
