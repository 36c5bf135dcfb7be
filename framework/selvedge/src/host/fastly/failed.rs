//! What the platform says when it could not do something, as the refusals that a node has for the same.

use ::fastly::{
    http::request::{SendError, SendErrorCause},
    kv_store::KVStoreError,
};

use crate::{Error, Refusal};

/// For what the platform has no act.
pub(super) fn unsupported(what: &str) -> Error {
    Error::new(Refusal::Unsupported, format!("{what} on Fastly Compute"))
}

/// Of a request that got no response.
pub(super) fn send(backend: &str, failed: &SendError) -> Error {
    use SendErrorCause as Cause;
    let refusal = match failed.root_cause() {
        Cause::DnsTimeout | Cause::DnsError { .. } => Refusal::DnsError,
        Cause::DestinationNotFound => Refusal::BackendUnknown,
        Cause::DestinationUnavailable => Refusal::NoHealthyBackend,
        Cause::DestinationIpUnroutable | Cause::ConnectionRefused => Refusal::ConnectionRefused,
        Cause::ConnectionTerminated | Cause::HttpIncompleteResponse | Cause::IoError(_) => {
            Refusal::ConnectionTerminated
        }
        Cause::ConnectionTimeout => Refusal::ConnectTimeout,
        Cause::ConnectionLimitReached => Refusal::ConnectionLimit,
        Cause::TlsProtocolError
        | Cause::TlsCertificateError
        | Cause::TlsAlertReceived { .. }
        | Cause::TlsConfigurationError => Refusal::TlsError,
        Cause::HttpResponseTimeout => Refusal::FirstByteTimeout,
        Cause::HttpResponseHeaderSectionTooLarge
        | Cause::HttpResponseBodyTooLarge
        | Cause::HttpResponseStatusInvalid
        | Cause::HttpUpgradeFailed
        | Cause::Http2StreamError { .. }
        | Cause::HttpProtocolError => Refusal::ResponseInvalid,
        Cause::HttpRequestCacheKeyInvalid | Cause::HttpRequestUriInvalid => Refusal::RequestInvalid,
        Cause::HttpCacheApiUnsupported => return unsupported("the HTTP cache API"),
        // A sandbox that may wait no longer, limits of the cache, what the platform does not explain.
        _ => Refusal::ConnectionTerminated,
    };
    Error::new(refusal, format!("backend `{backend}`: {}", failed.root_cause()))
}

/// Of an act on a KV store. That there is no item is none.
pub(super) fn kv(link: &str, failed: KVStoreError) -> Error {
    let refusal = match &failed {
        KVStoreError::InvalidKey => Refusal::KeyInvalid,
        KVStoreError::ItemPreconditionFailed => Refusal::PreconditionFailed,
        KVStoreError::ItemPayloadTooLarge => Refusal::TooLarge,
        KVStoreError::StoreNotFound(_) => Refusal::LinkUnknown,
        KVStoreError::TooManyRequests => Refusal::TooManyRequests,
        _ => Refusal::StoreFailed,
    };
    Error::new(refusal, format!("KV store `{link}`")).because(failed)
}

/// Of a purge.
pub(super) fn purge(key: &str, failed: &::fastly::Error) -> Error {
    Error::new(Refusal::StoreFailed, format!("the purge of `{key}`: {failed}"))
}
