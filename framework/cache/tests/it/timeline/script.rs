//! The text of a timeline as a script.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::support::header;

/// The start of every timeline in unix seconds: the date that RFC 9110 uses as its example.
const START: i64 = 784_111_777;

/// A line number and what is wrong there.
pub(crate) type Failure = (usize, String);

#[derive(Default)]
pub(crate) struct Script {
    pub(crate) default_ttl: Option<Duration>,
    pub(crate) exchanges: Vec<Exchange>,
}

pub(crate) struct Exchange {
    pub(crate) line: usize,
    pub(crate) at_ms: u64,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) request: HeaderMap,
    pub(crate) said: Said,
    pub(crate) delay_ms: u64,
    pub(crate) status: StatusCode,
    pub(crate) response: HeaderMap,
    pub(crate) body: String,
    pub(crate) expected: Vec<String>,
    pub(crate) answer: Vec<String>,
}

/// What the handler or a rule says about a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Nothing,
    Pass,
    CacheOff,
    Ttl(Duration),
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
            Some(_) => setting(&mut script, trimmed),
        };
        parsed.ok_or_else(|| (index + 1, format!("`{trimmed}` is no line of a timeline")))?;
    }
    Ok(script)
}

fn setting(script: &mut Script, line: &str) -> Option<()> {
    let value = line.strip_prefix("default-ttl:")?;
    script.default_ttl = Some(Duration::from_millis(millis(value)?));
    Some(())
}

fn exchange(line: usize, text: &str) -> Option<Exchange> {
    let (request, expected) = text.split_once("=>")?;
    let mut words = request.split_whitespace();
    Some(Exchange {
        line,
        at_ms: START as u64 * 1000 + millis(words.next()?)?,
        method: words.next()?.parse().ok()?,
        path: words.next()?.to_owned(),
        request: HeaderMap::new(),
        said: Said::Nothing,
        delay_ms: 0,
        status: StatusCode::OK,
        response: HeaderMap::new(),
        body: "hello".to_owned(),
        expected: expected.split_whitespace().map(str::to_owned).collect(),
        answer: Vec::new(),
    })
}

fn detail(exchange: Option<&mut Exchange>, line: &str) -> Option<()> {
    let exchange = exchange?;
    let (mark, rest) = line.split_once(' ')?;
    match (mark, rest.contains(':')) {
        (">", _) => append(&mut exchange.request, rest),
        ("<", true) => append(&mut exchange.response, rest),
        ("<", false) => exchange.status = rest.parse().ok()?,
        ("!", _) => said(exchange, rest)?,
        ("=", _) => exchange.answer.push(dated(rest)),
        _ => return None,
    }
    Some(())
}

fn append(headers: &mut HeaderMap, line: &str) {
    let (name, value) = header(&dated(line));
    headers.append(name, value);
}

fn said(exchange: &mut Exchange, line: &str) -> Option<()> {
    match line.split_once(' ').unwrap_or((line, "")) {
        ("pass", "") => exchange.said = Said::Pass,
        ("cache-off", "") => exchange.said = Said::CacheOff,
        ("ttl", ttl) => exchange.said = Said::Ttl(Duration::from_millis(millis(ttl)?)),
        ("delay", delay) => exchange.delay_ms = millis(delay)?,
        ("body", body) => exchange.body = body.to_owned(),
        _ => return None,
    }
    Some(())
}

/// `Expires: @60` with its date written out.
fn dated(line: &str) -> String {
    let Some((before, offset)) = line.split_once('@') else { return line.to_owned() };
    let offset: i64 = offset.parse().expect("`@` is followed by seconds");
    let unix_ms = u64::try_from((START + offset) * 1000).expect("a date after 1970");
    format!("{before}{}", selvedge_cache::when::format_http_date(unix_ms))
}

fn millis(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.trim().parse().ok()?;
    Some((seconds * 1000.0).round() as u64)
}
