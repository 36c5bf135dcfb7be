//! Plays a script against an edge with one delivery service, and says what came of each exchange in the script's words.

use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use selvedge::Body;
use selvedge_cache::{Override, Verdict};
use selvedge_testkit::{Answer, Edge};

use super::{
    expect::check,
    manifest::manifest,
    origin::{Sent, reply},
    script::{Exchange, Failure, Script, Scripted},
};

/// As in the timelines' own harness: objects may have 8 KiB.
const BUDGET: u64 = 64 * 1024;

/// What came of an exchange.
pub(super) struct Outcome {
    pub(super) words: Vec<String>,
    pub(super) reply: Reply,
    pub(super) sent: Vec<Sent>,
}

/// What the client got.
pub(super) struct Reply {
    pub(super) headers: HeaderMap,
    pub(super) body: bytes::Bytes,
}

/// Whether it has neither handlers nor time that passes while the origin thinks.
pub(super) fn is_playable(script: &Script) -> bool {
    script.exchanges.iter().all(|exchange| {
        let silent = exchange.pass.is_none() && exchange.over == Override::default();
        silent && exchange.answers.iter().all(|answer| answer.delay_ms == 0)
    })
}

pub(super) async fn failures(script: Script) -> Vec<Failure> {
    let Some(first) = script.exchanges.first() else { return Vec::new() };
    let edge = Edge::from_toml(&manifest(&script)).starting_at_ms(first.at_ms);
    let edge = edge.shelf_bytes(BUDGET).start().await;
    let mut failures = Vec::new();
    for exchange in script.exchanges {
        let exchange = as_shown(exchange);
        let outcome = play(&edge, &exchange).await;
        failures.extend(check(&exchange, &outcome).err().map(|what| (exchange.line, what)));
    }
    failures
}

async fn play(edge: &Edge, exchange: &Exchange) -> Outcome {
    edge.advance(Duration::from_millis(exchange.at_ms - edge.now_ms())).await;
    let origin = edge.origin("shop", "origin");
    let before = origin.count();
    let path = exchange.path.split('?').next().unwrap_or_default();
    let unscripted = [Scripted::default()];
    let answers = if exchange.answers.is_empty() { &unscripted } else { &exchange.answers[..] };
    for answer in answers {
        let _ = origin.on(path).reply(reply(asking(exchange), answer));
    }
    let answer = edge.send(request(exchange)).await;
    // What is refreshed in the background is so at once.
    edge.settle().await;
    origin.forget();
    let sent: Vec<Sent> = origin.arrived()[before..].iter().map(Sent::of).collect();
    let words = words(&answer, sent.len());
    Outcome { words, reply: Reply { headers: as_edge(&answer.headers), body: answer.body }, sent }
}

/// The method that the origin sees: a refresh is a GET.
fn asking(exchange: &Exchange) -> &Method {
    let refreshes = exchange.expected.words.first().is_some_and(|word| word == "stale");
    if refreshes && exchange.method == Method::HEAD { &Method::GET } else { &exchange.method }
}

fn request(exchange: &Exchange) -> selvedge::Request {
    let uri = format!("http://{}{}", exchange.host, exchange.path);
    let body = if exchange.has_body { Body::from("body") } else { Body::empty() };
    let mut request = Request::builder().method(&exchange.method).uri(uri).body(body).unwrap();
    *request.headers_mut() = exchange.request.clone();
    request
}

/// The words of the script, as far as the answer shows them.
fn words(answer: &Answer, asked: usize) -> Vec<String> {
    let hop = answer.hop("shop");
    let mut words = match answer.status {
        StatusCode::GATEWAY_TIMEOUT if answer.header("error-reason") == "only if cached" => {
            vec!["only-if-cached".to_owned()]
        }
        _ => [Some(hop.verdict.as_str()), hop.verdict.reason()]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect(),
    };
    words.extend(hop.not_stored.map(|reason| format!("no-store={}", reason.as_str())));
    if matches!(hop.verdict, Verdict::Miss(_)) {
        words.push(outcome(answer));
    } else if hop.refused.is_some() {
        words.push("failed".to_owned());
    }
    words.push(format!("age={}", answer.header("age")));
    words.extend(status_member(answer).split("; ").map(|item| item.to_owned()));
    words.push(format!("status={}", answer.status.as_u16()));
    words.push(format!("body={}", answer.text()));
    words.push(format!("asked={asked}"));
    words
}

/// What became of the origin's answer.
fn outcome(answer: &Answer) -> String {
    let hop = answer.hop("shop");
    let validated = status_member(answer).contains("fwd-status=304")
        || (answer.status == StatusCode::NOT_MODIFIED && answer.headers.contains_key("age"));
    match hop.not_stored {
        _ if hop.refused.is_some() => "failed".to_owned(),
        _ if validated => "renewed".to_owned(),
        Some(reason) => format!("no-store={}", reason.as_str()),
        None => "stored".to_owned(),
    }
}

fn status_member(answer: &Answer) -> String {
    let mut lines = answer.headers.get_all("cache-status").iter();
    lines.next_back().map_or_else(String::new, |line| line.to_str().unwrap().to_owned())
}

/// The expectations that the pipeline shows, in the words that it shows them with.
fn as_shown(mut exchange: Exchange) -> Exchange {
    let words = std::mem::take(&mut exchange.expected.words);
    let is_hit = matches!(words.first().map(String::as_str), Some("hit" | "stale"));
    let hidden = ["lifetime=", "source=", "late=", "removed=", "refresh="];
    let shown = words.into_iter().filter(|word| {
        let is_time = word.starts_with("age=") || word.starts_with("ttl=");
        let is_whole = is_hit && !word.contains('.');
        !hidden.iter().any(|name| word.starts_with(name)) && (!is_time || is_whole)
    });
    // What is said at the head of an answer is what is meant to be done with its body; only a declared length can tell
    // that it will not fit.
    let declared = |answer: &Scripted| answer.headers.contains_key(CONTENT_LENGTH);
    let fits = !exchange.answers.iter().any(declared);
    let meant = |word: &String| {
        let is_outgrown = fits && word == "no-store=too-large";
        word.starts_with("part=") || word == "no-store=incomplete" || is_outgrown
    };
    let named = shown.map(|word| if meant(&word) { "stored".to_owned() } else { word });
    exchange.expected.words = named.collect();
    exchange
}

/// The cache calls itself `edge` in the scripts.
fn as_edge(headers: &HeaderMap) -> HeaderMap {
    let rename = |value: &HeaderValue| {
        let text = value.to_str().unwrap_or_default().replace("\"LHR/shop\"", "\"edge\"");
        HeaderValue::from_str(&text).unwrap_or_else(|_| value.clone())
    };
    let renamed = headers.iter().map(|(name, value)| match name.as_str() {
        "cache-status" => (name.clone(), rename(value)),
        _ => (name.clone(), value.clone()),
    });
    renamed.collect()
}
