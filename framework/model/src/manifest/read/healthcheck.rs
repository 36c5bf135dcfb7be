//! `healthcheck` of a backend.

use std::time::Duration;

use super::keys;
use super::sink::Sink;
use super::table::Table;
use super::token::method;
use super::value::Value;
use crate::limits::{
    HEALTHCHECK_INITIAL, HEALTHCHECK_INTERVAL_MS, HEALTHCHECK_MS_MAX, HEALTHCHECK_MS_MIN,
    HEALTHCHECK_THRESHOLD, HEALTHCHECK_TIMEOUT_MS, HEALTHCHECK_WINDOW, HEALTHCHECK_WINDOW_MAX,
};
use crate::manifest::Healthcheck;

/// How a backend is probed.
pub(super) fn read(backend: &Table<'_>, sink: &mut Sink<'_>) -> Option<Healthcheck> {
    let table = backend.table("healthcheck", sink)?;
    table.only(&keys::HEALTHCHECK, sink);
    let path = match table.get("path") {
        Some(value) => path(&value, sink),
        None => Some("/".to_owned()),
    };
    let window = count(&table, "window", (1, HEALTHCHECK_WINDOW_MAX), HEALTHCHECK_WINDOW, sink);
    let method = table.get("method").and_then(|value| method(&value, sink));
    let status = table.get("expected_status").and_then(|value| value.number(200, 599, sink));
    let checked = Healthcheck {
        method: method.unwrap_or_else(|| "GET".to_owned()),
        host: table.get("host").and_then(|value| super::backend::host(&value, sink)),
        path: String::new(),
        expected_status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or(200),
        interval: time(&table, "interval_ms", HEALTHCHECK_INTERVAL_MS, sink),
        timeout: time(&table, "timeout_ms", HEALTHCHECK_TIMEOUT_MS, sink),
        window,
        threshold: count(&table, "threshold", (1, window), HEALTHCHECK_THRESHOLD, sink),
        initial: count(&table, "initial", (0, window), HEALTHCHECK_INITIAL, sink),
    };
    Some(Healthcheck { path: path?, ..checked })
}

/// A path with or without a query.
fn path(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    if text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') {
        return Some(text.to_owned());
    }
    let what = format!("`{}` is {text:?}, which is no path", value.path);
    sink.refuse_with(value.at, what, "write path = \"/healthz\"".to_owned());
    None
}

fn time(table: &Table<'_>, key: &str, default: u64, sink: &mut Sink<'_>) -> Duration {
    let value = table.get(key);
    let written =
        value.and_then(|value| value.number(HEALTHCHECK_MS_MIN, HEALTHCHECK_MS_MAX, sink));
    Duration::from_millis(written.unwrap_or(default))
}

/// A number of probes; what is not written is never more than there can be.
fn count(
    table: &Table<'_>,
    key: &str,
    (least, most): (usize, usize),
    default: usize,
    sink: &mut Sink<'_>,
) -> usize {
    let bound = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let value = table.get(key);
    let written = value.and_then(|value| value.number(bound(least), bound(most), sink));
    let count = written.and_then(|count| usize::try_from(count).ok());
    count.unwrap_or_else(|| default.min(most))
}
