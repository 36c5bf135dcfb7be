//! The one error of handlers: which refusal, what the operator should know, and why.
//!
//! What the client is told is the refusal's own text; the operator's text never leaves the node
//! in production. Like `anyhow`, the type does not implement [`std::error::Error`], so that `?`
//! turns every such error into a `handler failed`.

use std::{fmt, sync::Arc};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{Fault, Refusal};

/// What handlers return when they cannot answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A refusal with the operator's text and its cause.
///
/// As a response it has the refusal's status, `Error-Reason`, and the client's text; the error
/// itself rides along in the response's extensions (as [`Failure`]), for the log.
pub struct Error {
    refusal: Refusal,
    detail: String,
    cause: Option<Cause>,
    status: Option<StatusCode>,
}

impl Error {
    /// A refusal with what the operator should know: which link, which backend, which key.
    #[must_use]
    pub fn new(refusal: Refusal, detail: impl Into<String>) -> Self {
        Self { refusal, detail: detail.into(), cause: None, status: None }
    }

    /// Adds what made it happen.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says another status than the refusal's own, where an operator has chosen one.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The status that the client gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| self.refusal.status())
    }

    /// Which refusal it is.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.refusal.fault()
    }

    /// The operator's text, without the causes.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The operator's text followed by every cause, on one line.
    #[must_use]
    pub fn chain(&self) -> String {
        let text = format!("{}: {}", self.refusal.reason(), self.detail);
        with_causes(text, self.cause.as_deref().map(|cause| cause as &dyn std::error::Error))
    }
}

/// A text followed by an error and every cause of it, on one line. An error that repeats what is behind it, or a text that
/// ends with it already, says it once.
#[must_use]
pub fn with_causes(mut text: String, mut cause: Option<&dyn std::error::Error>) -> String {
    while let Some(error) = cause {
        let said = format!(": {error}");
        if !text.ends_with(&said) {
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.refusal.reason(), self.detail)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::new(Refusal::HandlerFailed, "the handler returned an error").because(error)
    }
}

/// The error behind a response, in the response's extensions.
#[derive(Clone, Debug)]
pub struct Failure(pub Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let refusal = self.refusal;
        let mut response = Response::new(format!("{}\n", refusal.client_text()).into());
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("error-reason", HeaderValue::from_static(refusal.reason()));
        response.extensions_mut().insert(Failure(Arc::new(self)));
        response
    }
}
