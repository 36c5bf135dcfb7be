//! Compares what came of an exchange with what its script says.

use http::HeaderMap;

use super::drive::Outcome;
use super::header;
use super::origin::Sent;
use super::script::Exchange;

/// The first expectation that does not hold.
pub(crate) fn check(exchange: &Exchange, outcome: &Outcome) -> Result<(), String> {
    let expected = &exchange.expected;
    check_words(&expected.words, &outcome.words)?;
    expected.answer.iter().try_for_each(|line| check_answer(line, outcome))?;
    for (turn, lines) in expected.sent.iter().enumerate() {
        lines.iter().try_for_each(|line| check_sent(line, outcome.sent.get(turn)))?;
    }
    check_spent(exchange, outcome)
}

fn check_words(expected: &[String], got: &[String]) -> Result<(), String> {
    let begins_alike = expected.first() == got.first();
    let all_there = expected.iter().all(|word| got.contains(word));
    // What became of an answer is never left open.
    let complete = got[0] != "miss" || expected.contains(&got[2]);
    match begins_alike && all_there && complete {
        true => Ok(()),
        false => Err(format!("expected `{}`, got `{}`", expected.join(" "), got.join(" "))),
    }
}

fn check_answer(line: &str, outcome: &Outcome) -> Result<(), String> {
    let headers = &outcome.reply.headers;
    let Some(text) = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return check_header(line, headers);
    };
    let body = String::from_utf8_lossy(&outcome.reply.body);
    let found = body.contains(text);
    if found { Ok(()) } else { Err(format!("expected `{text}` in the body `{body}`")) }
}

fn check_sent(line: &str, sent: Option<&Sent>) -> Result<(), String> {
    let Some(sent) = sent else { return Err(format!("expected `{line}`, but nothing was sent")) };
    let is_method = line.bytes().all(|byte| byte.is_ascii_uppercase());
    match is_method {
        true if sent.method.as_str() == line => Ok(()),
        true => Err(format!("expected `{line}`, sent `{}`", sent.method)),
        false => check_header(line, &sent.headers),
    }
}

/// `Name: value` is one of the lines; `!Name` is absent.
fn check_header(line: &str, headers: &HeaderMap) -> Result<(), String> {
    if let Some(name) = line.strip_prefix('!') {
        let absent = !headers.contains_key(name);
        return if absent { Ok(()) } else { Err(format!("expected no `{name}` in {headers:?}")) };
    }
    let (name, value) = header(line);
    let found = headers.get_all(&name).iter().any(|found| found == value);
    if found { Ok(()) } else { Err(format!("expected `{line}`, got {headers:?}")) }
}

/// An answer that nobody asked for is a mistake, be it the cache's or the script's.
fn check_spent(exchange: &Exchange, outcome: &Outcome) -> Result<(), String> {
    let (scripted, asked) = (exchange.answers.len(), outcome.sent.len());
    match asked == scripted || (scripted == 0 && asked == 1) {
        true => Ok(()),
        false => Err(format!("the origin has {scripted} answers and was asked {asked} times")),
    }
}
