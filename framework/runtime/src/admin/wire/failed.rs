//! Why a call failed, in no shape yet: older and newer endpoints show it differently, and `shape` does that.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use selvedge::Refusal;
use selvedge_account::Refused;
use selvedge_model::suggest;

use crate::account::ChangeError;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum Kind {
    /// The call itself is wrong, or a name or limit is.
    BadRequest,
    /// The token is missing or wrong.
    Unauthorised,
    /// What it is about does not exist.
    NotFound,
    /// The path takes another method.
    MethodNotAllowed,
    /// There is something that stands against it.
    Conflict,
    /// A condition of a write does not hold.
    PreconditionFailed,
    /// What was sent is too large.
    TooLarge,
    /// The rest of the body did not come.
    TimedOut,
    /// It was understood, and would leave something that cannot be.
    Unprocessable,
    /// The caller has written too much in this hour.
    TooManyRequests,
    /// There is no room left to keep anything.
    Full,
    /// The node could not do its work.
    Broken,
}

impl Kind {
    pub(in crate::admin) fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What older endpoints call it; two of these texts are the platform's (platform.md section 1.3).
    pub(in crate::admin) fn words(self) -> &'static str {
        match self {
            Self::BadRequest => "Bad request",
            Self::Unauthorised => "Provided credentials are missing or invalid",
            Self::NotFound => "Record not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Conflict => "Conflict",
            Self::PreconditionFailed => "Precondition failed",
            Self::TooLarge => "Payload too large",
            Self::TimedOut => "Request timeout",
            Self::Unprocessable => "Unprocessable entity",
            Self::TooManyRequests => "Too many requests",
            Self::Full => "Insufficient storage",
            Self::Broken => "Internal error",
        }
    }
}

/// Why a call failed: what kind of failure it is, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::admin) struct Failed {
    pub(in crate::admin) kind: Kind,
    pub(in crate::admin) detail: String,
}

impl Failed {
    pub(in crate::admin) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// The call itself is wrong.
    pub(in crate::admin) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(Kind::BadRequest, detail)
    }

    /// What it is about does not exist.
    pub(in crate::admin) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, detail)
    }

    /// The same for something that has a name, with the nearest name that exists.
    pub(in crate::admin) fn no_such<'a>(
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
    ) -> Self {
        let hint = suggest::hint(name, known).map(|hint| format!("; {hint}"));
        Self::not_found(format!("there is no {what} `{name}`{}", hint.unwrap_or_default()))
    }
}

/// Its status; the rest is put in where the request's path is known.
impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        let kind = match refused {
            Refused::NotFound { .. } | Refused::UnknownResource { .. } => Kind::NotFound,
            Refused::Duplicate { .. }
            | Refused::Linked { .. }
            | Refused::NotEmpty { .. }
            | Refused::Active { .. } => Kind::Conflict,
            Refused::Frozen { .. } | Refused::Unfit(_) => Kind::Unprocessable,
            Refused::Limit { .. } | Refused::Name(_) | Refused::Item(_) => Kind::BadRequest,
        };
        Self::new(kind, refused.to_string())
    }
}

/// Whoever calls has the token, and may see what the operator may.
impl From<selvedge::Error> for Failed {
    fn from(error: selvedge::Error) -> Self {
        let kind = match error.refusal() {
            Refusal::KeyInvalid => Kind::BadRequest,
            Refusal::BodyFailed => return Self::bad_request("the body broke off"),
            Refusal::StoreGone => Kind::NotFound,
            Refusal::PreconditionFailed => Kind::PreconditionFailed,
            Refusal::TooLarge => Kind::TooLarge,
            Refusal::RequestStalled => return Self::new(Kind::TimedOut, error.chain()),
            Refusal::TooManyRequests => Kind::TooManyRequests,
            Refusal::StoreFull => return Self::new(Kind::Full, error.chain()),
            _ => return Self::new(Kind::Broken, error.chain()),
        };
        Self::new(kind, error.detail())
    }
}

impl From<ChangeError> for Failed {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(refused) => refused.into(),
            ChangeError::Failed(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests;
