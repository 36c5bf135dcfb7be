//! The text of a timeline as a script.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use selvedge_cache::{Override, PassReason, Storing};

use super::header;
use super::settings::{self, Settings};

/// The start of every timeline in unix seconds: the date that RFC 9110 uses as its example.
const START: i64 = 784_111_777;

/// The host of a request whose target does not name one.
const HOST: &str = "shop.localhost";

/// A line number and what is wrong there.
pub(crate) type Failure = (usize, String);

#[derive(Default)]
pub(crate) struct Script {
    pub(crate) settings: Settings,
    pub(crate) exchanges: Vec<Exchange>,
}

pub(crate) struct Exchange {
    pub(crate) line: usize,
    pub(crate) at_ms: u64,
    pub(crate) method: Method,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) request: HeaderMap,
    pub(crate) has_body: bool,
    pub(crate) pass: Option<PassReason>,
    pub(crate) over: Override,
    pub(crate) answers: Vec<Scripted>,
    pub(crate) expected: Expected,
}

/// What the origin is to answer.
pub(crate) struct Scripted {
    pub(crate) delay_ms: u64,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) fault: Fault,
}

impl Default for Scripted {
    fn default() -> Self {
        let (status, headers) = (StatusCode::OK, HeaderMap::new());
        Self { delay_ms: 0, status, headers, body: "hello".to_owned(), fault: Fault::None }
    }
}

/// How the origin fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// It never answers.
    Refused,
    /// It hangs up after so many bytes of the body.
    BrokenAfter(usize),
}

/// What must come of an exchange.
#[derive(Default)]
pub(crate) struct Expected {
    pub(crate) words: Vec<String>,
    /// Lines about the client's answer.
    pub(crate) answer: Vec<String>,
    /// Lines about the first and the second request to the origin.
    pub(crate) sent: [Vec<String>; 2],
}

pub(crate) fn parse(text: &str) -> Result<Script, Failure> {
    let mut script = Script::default();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        let parsed = match trimmed.chars().next() {
            None | Some('#') => Some(()),
            _ if line.starts_with(' ') => detail(script.exchanges.last_mut(), trimmed),
            Some(c) if c.is_ascii_digit() => {
                exchange(index + 1, trimmed).map(|e| script.exchanges.push(e))
            }
            Some(_) if script.exchanges.is_empty() => settings::take(&mut script.settings, trimmed),
            Some(_) => None,
        };
        parsed.ok_or_else(|| (index + 1, format!("`{trimmed}` is no line of a timeline")))?;
    }
    Ok(script)
}

fn exchange(line: usize, text: &str) -> Option<Exchange> {
    let (request, words) = text.split_once("=>")?;
    let mut parts = request.split_whitespace();
    let at_ms = START as u64 * 1000 + millis(parts.next()?)?;
    let method = parts.next()?.parse().ok()?;
    let (host, path) = target(parts.next()?);
    let words = words.split_whitespace().map(str::to_owned).collect();
    Some(Exchange {
        line,
        at_ms,
        method,
        host,
        path,
        request: HeaderMap::new(),
        has_body: false,
        pass: None,
        over: Override::default(),
        answers: Vec::new(),
        expected: Expected { words, ..Expected::default() },
    })
}

fn target(text: &str) -> (String, String) {
    let absolute = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match absolute.and_then(|rest| rest.split_once('/')) {
        Some((host, path)) => (host.to_owned(), format!("/{path}")),
        None => (HOST.to_owned(), text.to_owned()),
    }
}

fn detail(exchange: Option<&mut Exchange>, line: &str) -> Option<()> {
    let exchange = exchange?;
    let (mark, rest) = line.split_once(' ')?;
    let rest = rest.trim();
    let Expected { answer, sent: [first, second], .. } = &mut exchange.expected;
    match mark {
        ">" if rest == "body" => exchange.has_body = true,
        ">" => append(&mut exchange.request, rest),
        "<" if exchange.answers.is_empty() => return next_answer(exchange, rest),
        "<" => return origin(exchange.answers.last_mut()?, rest),
        "<<" => return next_answer(exchange, rest),
        "!" => return said(exchange, rest),
        "=" => answer.push(dated(rest)),
        "^" => first.push(dated(rest)),
        "^^" => second.push(dated(rest)),
        _ => return None,
    }
    Some(())
}

fn next_answer(exchange: &mut Exchange, line: &str) -> Option<()> {
    exchange.answers.push(Scripted::default());
    origin(exchange.answers.last_mut()?, line)
}

fn origin(answer: &mut Scripted, line: &str) -> Option<()> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match (word, rest) {
        ("refused", "") => answer.fault = Fault::Refused,
        ("broken", rest) => {
            answer.fault = Fault::BrokenAfter(rest.strip_prefix("after ")?.parse().ok()?);
        }
        ("delay", delay) => answer.delay_ms = millis(delay)?,
        ("body", body) => answer.body = body_of(body).unwrap_or_else(|| body.to_owned()),
        (status, "") if !status.contains(':') => answer.status = status.parse().ok()?,
        _ if line.contains(':') => append(&mut answer.headers, line),
        _ => return None,
    }
    Some(())
}

/// `of 8193 bytes` for bodies that nobody wants to read.
fn body_of(text: &str) -> Option<String> {
    let count = text.strip_prefix("of ")?.strip_suffix(" bytes")?;
    Some("x".repeat(count.parse().ok()?))
}

fn append(headers: &mut HeaderMap, line: &str) {
    let (name, value) = header(&dated(line));
    headers.append(name, value);
}

/// What the handler or a rule says.
fn said(exchange: &mut Exchange, line: &str) -> Option<()> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let over = &mut exchange.over;
    match (word, rest) {
        ("pass", "") => exchange.pass = Some(PassReason::Requested),
        ("cache-off", "") => exchange.pass = Some(PassReason::CacheOff),
        ("cacheable", "") => over.storing = Storing::Store,
        ("uncacheable", "") => over.storing = Storing::Refuse,
        ("any_status", "") => over.any_status = true,
        ("ttl", ttl) => over.ttl = Some(duration(ttl)?),
        ("stale_while_revalidate", window) => over.stale_while_revalidate = Some(duration(window)?),
        ("stale_if_error", window) => over.stale_if_error = Some(duration(window)?),
        _ => return None,
    }
    Some(())
}

/// `Expires: @60` with its date written out; `@` means something else where no number of seconds follows it.
fn dated(line: &str) -> String {
    let Some((before, offset)) = line.split_once('@') else { return line.to_owned() };
    let Ok(offset) = offset.parse::<i64>() else { return line.to_owned() };
    let unix_ms = u64::try_from((START + offset) * 1000).expect("a date after 1970");
    format!("{before}{}", selvedge_cache::when::format_http_date(unix_ms))
}

pub(super) fn duration(seconds: &str) -> Option<Duration> {
    millis(seconds).map(Duration::from_millis)
}

fn millis(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.trim().parse().ok()?;
    Some((seconds * 1000.0).round() as u64)
}
