//! What went wrong with a backend, by name: from the client library's error to a refusal.

use std::{error::Error as StdError, io};

use hyper_util::client::legacy;
use selvedge::{Error, Refusal};

use super::progress::Progress;

/// The refusal that an error of the HTTP client stands for.
pub(super) fn named(error: legacy::Error, place: &str, progress: &Progress) -> Error {
    let refusal = match () {
        () if progress.stalled() => Refusal::RequestStalled,
        () if progress.failed() => Refusal::RequestBodyFailed,
        () if error.is_connect() => connecting(&error),
        () => exchanging(&error),
    };
    Error::new(refusal, place).because(error)
}

fn connecting(error: &legacy::Error) -> Refusal {
    let kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    let timed_out = kinds.clone().any(|cause| cause.kind() == io::ErrorKind::TimedOut);
    match () {
        () if timed_out => Refusal::ConnectTimeout,
        () if causes(error).any(is_tls) => Refusal::TlsError,
        () if causes(error).any(|cause| cause.to_string().starts_with("dns error")) => {
            Refusal::DnsError
        }
        () => Refusal::ConnectionRefused,
    }
}

/// rustls reports inside `io::Error`s, whose source chain skips the error that they wrap.
fn is_tls(cause: &(dyn StdError + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_tls(inner))
}

fn exchanging(error: &legacy::Error) -> Refusal {
    let parse = causes(error)
        .filter_map(|cause| cause.downcast_ref::<hyper::Error>())
        .any(hyper::Error::is_parse);
    match parse {
        true => Refusal::ResponseInvalid,
        false => Refusal::ConnectionTerminated,
    }
}

fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> + Clone {
    std::iter::successors(Some(error), |&error| error.source())
}
