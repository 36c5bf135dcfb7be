//! Many items in one call: one JSON object a line, written while the lines come in.
//!
//! However long the batch, no more of it is held than its longest line and one group of writes. A line that is wrong does
//! not keep the others from being written: it is named in the answer, by its key and its place counted from 0.

mod line;
mod lines;
mod shape;

use axum::{Json, body::Body, extract::State, response::IntoResponse};
use http::{HeaderMap, StatusCode, header};
use selvedge::store::kv::{KvRoom, KvWrite};
use selvedge_model::{id::StoreId, key::KvKey, limits::KV_VALUE_MAX};
use serde::Serialize;

use self::lines::{Line, Lines};
use crate::admin::{
    Api,
    wire::{At, Failed, Reply},
};

/// A group is written when it has so many items or so many bytes.
const GROUP_ITEMS: usize = 256;
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// Most that is held: a line, the value that it says, and what waits to be written.
const MOST: usize = lines::LINE_MAX + KV_VALUE_MAX + GROUP_BYTES;

/// A batch of which so many lines are wrong is given up: the answer must not grow with it.
const ERRORS_MAX: usize = 1000;

/// What the body is (platform.md section 2.3).
const LINES: &str = "application/x-ndjson";

#[derive(Serialize)]
struct Answer {
    r#type: &'static str,
    title: &'static str,
    errors: Vec<LineError>,
}

/// Why a line was not written.
#[derive(Serialize)]
struct LineError {
    key: String,
    index: usize,
    code: String,
    reason: String,
}

/// What has been read and not written yet, and what went wrong so far.
struct Batch<'a> {
    api: &'a Api,
    store: StoreId,
    /// For the body, so for each group of it.
    room: KvRoom,
    places: Vec<usize>,
    writes: Vec<(KvKey, KvWrite)>,
    bytes: usize,
    errors: Vec<LineError>,
}

pub(super) async fn write(
    State(api): State<Api>,
    At(store): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let store = super::store(&api, &store)?;
    check_kind(&headers)?;
    let room = api.room(&body, MOST).await?;
    let (places, writes, errors) = (Vec::new(), Vec::new(), Vec::new());
    let mut batch = Batch { api: &api, store, room, places, writes, bytes: 0, errors };
    let mut lines = Lines::of(body);
    let mut index = 0;
    // What was written before the body broke off stays, as the documents say.
    while let Some(line) = lines.next().await? {
        if batch.errors.len() >= ERRORS_MAX {
            let detail = format!("{ERRORS_MAX} lines failed; this one and the rest were not read");
            batch.failed(index, String::new(), &Failed::bad_request(detail));
            break;
        }
        batch.take(index, &line).await?;
        index += 1;
    }
    batch.flush().await?;
    Ok(answer(batch.errors))
}

/// Lines that say what they are, or say nothing of it; a form or a JSON document is something else.
fn check_kind(headers: &HeaderMap) -> Result<(), Failed> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.split(';').next().unwrap_or_default().trim() {
        kind if kind.eq_ignore_ascii_case(LINES) => Ok(()),
        other => Err(Failed::bad_request(format!("a batch is `{LINES}`, not `{other}`"))),
    }
}

fn answer(mut errors: Vec<LineError>) -> axum::response::Response {
    errors.sort_by_key(|error| error.index);
    let (status, title) = match errors.is_empty() {
        true => (StatusCode::OK, "success"),
        false => (StatusCode::MULTI_STATUS, "multi-status"),
    };
    (status, Json(Answer { r#type: "", title, errors })).into_response()
}

impl Batch<'_> {
    async fn take(&mut self, index: usize, line: &Line) -> Result<(), Failed> {
        let text = match line {
            Line::Empty => return Ok(()),
            Line::TooLong => {
                self.failed(index, String::new(), &lines::too_long());
                return Ok(());
            }
            Line::Text(text) => text,
        };
        match line::read(text) {
            Ok((key, write)) => {
                self.bytes += write.value.len();
                self.places.push(index);
                self.writes.push((key, KvWrite { room: self.room.clone(), ..write }));
            }
            Err((key, failed)) => self.failed(index, key, &failed),
        }
        match self.writes.len() >= GROUP_ITEMS || self.bytes >= GROUP_BYTES {
            true => self.flush().await,
            false => Ok(()),
        }
    }

    async fn flush(&mut self) -> Result<(), Failed> {
        let (places, writes) = (std::mem::take(&mut self.places), std::mem::take(&mut self.writes));
        self.bytes = 0;
        if writes.is_empty() {
            return Ok(());
        }
        super::store(self.api, self.store.as_str())?;
        let keys: Vec<String> = writes.iter().map(|(key, _)| key.as_str().to_owned()).collect();
        let results = self.api.kv().put_many(&self.store, writes, self.api.now_ms()).await;
        for ((index, key), result) in places.into_iter().zip(keys).zip(results) {
            if let Err(error) = result {
                self.failed(index, key, &error.into());
            }
        }
        Ok(())
    }

    fn failed(&mut self, index: usize, key: String, failed: &Failed) {
        let code = failed.kind.status().as_u16().to_string();
        self.errors.push(LineError { key, index, code, reason: failed.detail.clone() });
    }
}
