//! Sends a request to a backend of the platform's service version, which has its address, host override, TLS and
//! timeouts.

use std::io::Write;

use ::fastly::{
    Backend,
    http::{FramingHeadersMode, Url, body::StreamingBody},
};
use http::{HeaderValue, header, request::Parts};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{body::Incoming, cache, failed, turns::Answer};
use crate::{Body, Error, Refusal, Request, Response, Result, http::BodyExt};

/// Bodies up to this many bytes are given to the platform whole, so that it may cache and frame them as it likes.
pub(super) const WHOLE: u64 = 64 * 1024;

/// Sends a request as it is, and waits for the head of the response.
pub(super) async fn send(name: &str, request: Request) -> Result<Response> {
    let backend = open(name)?;
    let (head, body) = request.into_parts();
    let answer = match body.size_hint().upper() {
        Some(0..=WHOLE) => {
            let body = BodyExt::bytes(body, usize::MAX).await?;
            whole(&backend, &head, &body)?
        }
        _ => streamed(&backend, &head, body).await?,
    };
    let answer = answer.await.map_err(|cause| failed::send(name, &cause))?;
    Ok(received(answer))
}

fn open(name: &str) -> Result<Backend> {
    let unknown = || Error::new(Refusal::BackendUnknown, format!("`{name}`"));
    let backend = Backend::from_name(name).map_err(|cause| unknown().because(cause))?;
    if backend.exists() { Ok(backend) } else { Err(unknown()) }
}

fn whole(backend: &Backend, head: &Parts, body: &[u8]) -> Result<Answer> {
    let mut request = outgoing(backend, head)?;
    if !body.is_empty() {
        request.set_body(body);
    }
    let pending = request.send_async(backend.name());
    pending.map(Answer::to).map_err(|cause| failed::send(backend.name(), &cause))
}

/// Sends the body while it comes in. Where its length is known, the backend is told.
async fn streamed(backend: &Backend, head: &Parts, mut body: Body) -> Result<Answer> {
    let (mut upload, answer) = begin(backend, head, body.size_hint().exact())?;
    while let Some(frame) = body.frame().await {
        let written =
            frame.map_err(std::io::Error::other).and_then(|frame| match frame.into_data() {
                Ok(bytes) => upload.write_all(&bytes).and_then(|()| upload.flush()),
                Err(_) => Ok(()),
            });
        if let Err(cause) = written {
            // The backend must not take the half for the whole.
            let _ = upload.abandon();
            let detail = format!("while it was sent to backend `{}`", backend.name());
            return Err(Error::new(Refusal::RequestBodyFailed, detail).because(cause));
        }
    }
    upload.finish().map_err(|cause| {
        let detail = format!("backend `{}` did not take the request's body", backend.name());
        Error::new(Refusal::ConnectionTerminated, detail).because(cause)
    })?;
    Ok(answer)
}

fn begin(backend: &Backend, head: &Parts, length: Option<u64>) -> Result<(StreamingBody, Answer)> {
    let mut request = outgoing(backend, head)?;
    if let Some(length) = length {
        request.set_header(header::CONTENT_LENGTH, HeaderValue::from(length));
        request.set_framing_headers_mode(FramingHeadersMode::ManuallyFromHeaders);
    }
    let begun = request.send_async_streaming(backend.name());
    let (upload, pending) = begun.map_err(|cause| failed::send(backend.name(), &cause))?;
    Ok((upload, Answer::to(pending)))
}

/// The head as the platform wants it: with a whole URL, and with what the cache is to do.
fn outgoing(backend: &Backend, head: &Parts) -> Result<::fastly::Request> {
    let mut request = ::fastly::Request::new(head.method.clone(), url(backend, head)?);
    for (name, value) in &head.headers {
        request.append_header(name, value);
    }
    cache::choose(&mut request, &head.extensions)?;
    Ok(request)
}

/// The host is the request's own, else the backend's. Whether the backend overrides it is the platform's to know.
fn url(backend: &Backend, head: &Parts) -> Result<Url> {
    let asked = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = match (head.uri.authority(), asked) {
        (Some(authority), _) => authority.to_string(),
        (None, Some(host)) => host.to_owned(),
        (None, None) => format!("{}:{}", backend.get_host(), backend.get_port()),
    };
    let scheme = if backend.is_ssl() { "https" } else { "http" };
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    Url::parse(&format!("{scheme}://{host}{target}")).map_err(|cause| {
        let detail = format!("`{target}` of `{host}` for backend `{}`", backend.name());
        Error::new(Refusal::RequestInvalid, detail).because(cause)
    })
}

fn received(answer: ::fastly::Response) -> Response {
    let answer: http::Response<::fastly::Body> = answer.into();
    let (from, body) = answer.into_parts();
    let mut response = Response::new(Body::new(Incoming::new(body)));
    *response.status_mut() = from.status;
    *response.version_mut() = from.version;
    *response.headers_mut() = from.headers;
    response
}
