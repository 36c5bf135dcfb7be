//! The shop's demo origin: counts what reaches it, and can be told to fail or to be slow.
//!
//! `/` and `/pages/NAME` may be cached for a minute, `/account/NAME` says so too but should not
//! be, `/blob/BYTES` and `/account/blob/BYTES` stream so many,
//! `PUT /sink` tells how many bytes it was sent. `GET /_count` tells how many of these requests came,
//! `POST /_next?status=503&delay_ms=2000` says how the next one goes.

use std::{
    net::SocketAddr,
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Path, Query, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use selvedge::prelude::{StatusCode, header};
use serde::Deserialize;

mod blob;

const MINUTE: [(header::HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "max-age=60"), (header::CONTENT_TYPE, "text/plain")];

/// What the origin remembers.
#[derive(Clone, Default)]
struct Origin {
    count: Arc<AtomicU64>,
    next: Arc<Mutex<Option<Fault>>>,
}

/// How the next request goes.
#[derive(Clone, Copy, Deserialize)]
struct Fault {
    status: Option<u16>,
    #[serde(default)]
    delay_ms: u64,
}

fn app() -> Router {
    let origin = Origin::default();
    Router::new()
        .route("/", get(|| async { (MINUTE, "Shirts, shoes, sheets\n") }))
        .route("/pages/{name}", get(page))
        .route("/account/{name}", get(page))
        .route("/blob/{bytes}", get(blob::stream))
        .route("/account/blob/{bytes}", get(blob::stream))
        .route("/sink", put(blob::sink))
        .layer(middleware::from_fn_with_state(origin.clone(), counted))
        .route("/_count", get(count))
        .route("/_next", post(next))
        .with_state(origin)
}

async fn page(Path(name): Path<String>) -> Response {
    (MINUTE, format!("the page `{name}`\n")).into_response()
}

async fn count(State(origin): State<Origin>) -> String {
    format!("{}\n", origin.count.load(Ordering::Relaxed))
}

async fn next(State(origin): State<Origin>, Query(fault): Query<Fault>) -> StatusCode {
    *origin.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    StatusCode::NO_CONTENT
}

async fn counted(State(origin): State<Origin>, request: Request, next: Next) -> Response {
    origin.count.fetch_add(1, Ordering::Relaxed);
    let fault = origin.next.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(fault) = fault else { return next.run(request).await };
    tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    match fault.status.and_then(|status| StatusCode::from_u16(status).ok()) {
        Some(status) => (status, Body::from("told to fail\n")).into_response(),
        None => next.run(request).await,
    }
}

fn address() -> Result<SocketAddr, String> {
    let mut parser = lexopt::Parser::from_env();
    let mut address = SocketAddr::from(([127, 0, 0, 1], 9000));
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        match arg {
            lexopt::Arg::Long("listen") => {
                let value = parser.value().map_err(|error| error.to_string())?;
                let text = value.to_string_lossy();
                address = text.parse().map_err(|error| format!("`--listen {text}`: {error}"))?;
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(address)
}

async fn run() -> Result<(), String> {
    let address = address()?;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| {
            format!(
                "cannot listen on {address}: {error}\n  hint: another origin may still run there; end it, or \
                 change the backend's url in edge.toml"
            )
        })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("origin on http://{address}");
    axum::serve(listener, app()).await.map_err(|error| error.to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
