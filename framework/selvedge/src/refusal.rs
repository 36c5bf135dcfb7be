//! Every way in which the edge says no, declared once: name, status, whose fault, what the client
//! is told.
//!
//! The name is the word in `Error-Reason`, in the log and in the testkit. Operator text (which
//! link, which backend, which cause) belongs to [`Error`](crate::Error), never to the client.

use http::StatusCode;

/// Who has to act for the request to succeed next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Whoever sent the request.
    Client,
    /// The service's code or configuration.
    Service,
    /// The server behind a backend.
    Backend,
    /// The edge itself.
    Platform,
}

impl Fault {
    /// The word in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Service => "service",
            Self::Backend => "backend",
            Self::Platform => "platform",
        }
    }
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $fault:ident, $reason:literal, $text:literal;)+) => {
        /// A named refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Refusal {
            $($(#[$doc])* $name,)+
        }

        impl Refusal {
            /// Every refusal there is, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name: the word in `Error-Reason`, logs and tests.
            #[must_use]
            pub fn reason(self) -> &'static str {
                match self { $(Self::$name => $reason,)+ }
            }

            /// The status that the client gets.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// Whose fault it is.
            #[must_use]
            pub fn fault(self) -> Fault {
                match self { $(Self::$name => Fault::$fault,)+ }
            }

            /// What the client is told.
            #[must_use]
            pub fn client_text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

refusals! {
    /// The request has no usable host: neither an authority nor one `Host` header.
    NoHost = BAD_REQUEST, Client, "no host", "the request names no host";
    /// The request's target is neither a path nor an `http` or `https` URI.
    TargetInvalid = BAD_REQUEST, Client, "invalid target", "the request's target is not valid";
    /// The request's body has a transfer coding beside `chunked` (RFC 9112 section 6.1).
    CodingUnknown = NOT_IMPLEMENTED, Platform, "unknown transfer coding", "the request's transfer coding is not known here";
    /// The request's head is larger than the edge takes (platform.md section 13).
    HeadTooLarge = REQUEST_HEADER_FIELDS_TOO_LARGE, Client, "head too large", "the request's head is too large";
    /// A TRACE that ends here (`Max-Forwards: 0`): an echo would show fields to scripts.
    TraceRefused = METHOD_NOT_ALLOWED, Client, "trace refused", "TRACE is not answered here";
    /// CONNECT asks for a tunnel; the edge is no forward proxy.
    TunnelRefused = NOT_IMPLEMENTED, Platform, "tunnel refused", "CONNECT is not served here";
    /// No active service owns the host.
    UnknownDomain = MISDIRECTED_REQUEST, Client, "unknown domain", "no service here answers for this host";
    /// There is no such POP as `Selvedge-Pop` names in dev.
    UnknownPop = BAD_REQUEST, Client, "unknown POP", "there is no such POP";
    /// The 21st hop or the 7th service of one request (platform.md section 10.5).
    LoopDetected = SERVICE_UNAVAILABLE, Service, "loop detected", "Loop detected";
    /// A service that requires a chain token was sent none.
    ChainTokenMissing = FORBIDDEN, Client, "chain token missing", "this service is reached through another service only";
    /// More than one chain token, or one of no form that there is.
    ChainTokenMalformed = FORBIDDEN, Client, "chain token malformed", "this service is reached through another service only";
    /// The token names a secret that the service does not have, or an empty one.
    ChainSecretUnknown = FORBIDDEN, Client, "chain secret unknown", "this service is reached through another service only";
    /// A one-time token that was made with the right secret, for another service, method, host or target.
    ChainTargetWrong = FORBIDDEN, Client, "chain target wrong", "this service is reached through another service only";
    /// The token's signature does not fit its content.
    ChainSignatureWrong = FORBIDDEN, Client, "chain signature wrong", "this service is reached through another service only";
    /// The token's time is too far from now: two seconds or more, unless the service says otherwise.
    ChainTokenExpired = FORBIDDEN, Client, "chain token expired", "this service is reached through another service only";
    /// A one-time token that was accepted before.
    ChainTokenReplayed = FORBIDDEN, Client, "chain token replayed", "this service is reached through another service only";
    /// The token is of a form that the service does not accept.
    ChainModeRefused = FORBIDDEN, Client, "chain mode refused", "this service is reached through another service only";
    /// More one-time tokens were accepted within their time than the service remembers; forgetting one would let it in
    /// again.
    ChainNoncesFull = FORBIDDEN, Client, "chain nonces full", "this service is reached through another service only";
    /// A rule of the service denies the request; the rule may say another status.
    Denied = FORBIDDEN, Client, "denied by rule", "this is not served here";
    /// A PURGE from somebody who may not purge (platform.md section 8).
    PurgeUnauthorised = FORBIDDEN, Client, "purge unauthorised", "a purge needs the token of the management API";
    /// The stores that a chain-auth setting names lack the id or the secret to sign with.
    ChainSecretMissing = INTERNAL_SERVER_ERROR, Service, "chain secret missing", "the service is misconfigured";
    /// A binding was used that the handler did not declare with `needs(...)`.
    BindingUndeclared = INTERNAL_SERVER_ERROR, Service, "binding not declared", "the service is misconfigured";
    /// A binding or `Place` was extracted from a request that no edge is running.
    NoEdge = INTERNAL_SERVER_ERROR, Service, "no edge", "the service is misconfigured";
    /// The service version has no link of this name and kind.
    LinkUnknown = INTERNAL_SERVER_ERROR, Service, "unknown link", "the service is misconfigured";
    /// The service version has no backend of this name.
    BackendUnknown = INTERNAL_SERVER_ERROR, Service, "unknown backend", "the service is misconfigured";
    /// A config or secret item that the code needs is not in the store.
    ItemMissing = INTERNAL_SERVER_ERROR, Service, "item missing", "the service is misconfigured";
    /// A stored item does not have the form that the code expects.
    ItemUnparsable = INTERNAL_SERVER_ERROR, Service, "item unparsable", "the service is misconfigured";
    /// A KV key breaks a rule of platform.md section 2.1.
    KeyInvalid = BAD_REQUEST, Client, "invalid key", "the key is not valid";
    /// A conditional KV write met another generation, or an existing key.
    PreconditionFailed = PRECONDITION_FAILED, Client, "precondition failed", "the item has changed or exists already";
    /// A value, or its metadata, is larger than the platform stores.
    TooLarge = PAYLOAD_TOO_LARGE, Client, "too large", "the content is too large";
    /// A body that was to be stored does not tell its length before it is read (platform.md section 2.2).
    LengthUnknown = LENGTH_REQUIRED, Client, "length unknown", "the content's length must be known";
    /// The store takes no more writes for now.
    TooManyRequests = TOO_MANY_REQUESTS, Client, "too many requests", "too many requests";
    /// There is no room on the disk for what a store was to keep. What it has kept can be read.
    StoreFull = INSUFFICIENT_STORAGE, Platform, "store full", "the service takes no more content for now";
    /// The KV store behind a link was deleted while the request was under way.
    StoreGone = INTERNAL_SERVER_ERROR, Service, "store gone", "the service is misconfigured";
    /// A store could not do its work.
    StoreFailed = INTERNAL_SERVER_ERROR, Platform, "store failed", "the service is unavailable";
    /// A request that the edge was asked to send is not one it can send.
    RequestInvalid = INTERNAL_SERVER_ERROR, Service, "invalid request", "the service is misconfigured";
    /// The request's body ended before it was complete, or its framing was wrong.
    RequestBodyFailed = BAD_REQUEST, Client, "request body failed", "the request's body was not complete";
    /// A client stopped sending in the middle of its request's body.
    RequestStalled = REQUEST_TIMEOUT, Client, "request stalled", "the request's body did not come in time";
    /// A body that a handler wanted to read whole broke off.
    BodyFailed = BAD_GATEWAY, Backend, "body failed", "the content was not complete";
    /// The client wanted an answer from the cache or none, and the cache had none (RFC 9111 section 5.2.1.7).
    OnlyIfCached = GATEWAY_TIMEOUT, Platform, "only if cached", "nothing is cached for this request";
    /// What is stored must not be served without the origin's word, and the origin could not be asked
    /// (RFC 9111 section 5.2.2.2).
    ValidationFailed = GATEWAY_TIMEOUT, Backend, "validation failed", "the backend could not be asked";
    /// Another request's fetch of the same thing took longer than this one was willing to wait.
    LookupTimeout = GATEWAY_TIMEOUT, Platform, "lookup timeout", "the answer was not there in time";
    /// Code wanted to purge more surrogate keys at once than one purge takes.
    PurgeTooLarge = INTERNAL_SERVER_ERROR, Service, "purge too large", "the service is misconfigured";
    /// A surrogate key that code gave is none (platform.md section 7.1).
    SurrogateKeyInvalid = INTERNAL_SERVER_ERROR, Service, "invalid surrogate key", "the service is misconfigured";
    /// A key of the core or simple cache is too long (platform.md section 7.1).
    CacheKeyInvalid = INTERNAL_SERVER_ERROR, Service, "invalid cache key", "the service is misconfigured";
    /// Code used the core cache as it cannot be used: an update of nothing, a second stream of one object, a range that
    /// ends before it begins, a body of another length than declared (platform.md section 7.1).
    CacheMisused = INTERNAL_SERVER_ERROR, Service, "cache misused", "the service is misconfigured";
    /// An object that code wanted to store is larger than the shelf takes.
    ObjectTooLarge = INTERNAL_SERVER_ERROR, Service, "object too large", "the service failed";
    /// What others hold leaves no room for an object that code wanted to store.
    CacheFull = INTERNAL_SERVER_ERROR, Platform, "cache full", "the service is unavailable";
    /// By its health checks the backend does not work, or none of a director's backends does.
    NoHealthyBackend = SERVICE_UNAVAILABLE, Backend, "no healthy backend", "the backend is not available";
    /// As many requests to the backend are under way as it is to have.
    ConnectionLimit = SERVICE_UNAVAILABLE, Backend, "connection limit", "the backend is not available";
    /// The backend's name could not be resolved.
    DnsError = BAD_GATEWAY, Backend, "dns error", "the backend could not be reached";
    /// The backend refused the connection, or could not be reached at all.
    ConnectionRefused = BAD_GATEWAY, Backend, "connection refused", "the backend could not be reached";
    /// The backend did not accept a connection in time.
    ConnectTimeout = GATEWAY_TIMEOUT, Backend, "connect timeout", "the backend did not answer in time";
    /// The backend's certificate, name or protocol was not acceptable.
    TlsError = BAD_GATEWAY, Backend, "tls error", "the backend could not be reached";
    /// The backend's response did not start in time.
    FirstByteTimeout = GATEWAY_TIMEOUT, Backend, "first byte timeout", "the backend did not answer in time";
    /// The backend closed the connection before its response began.
    ConnectionTerminated = BAD_GATEWAY, Backend, "connection terminated", "the backend did not answer";
    /// The backend sent something that is not an HTTP response.
    ResponseInvalid = BAD_GATEWAY, Backend, "invalid response", "the backend's answer was not understood";
    /// A handler returned an error that is none of ours.
    HandlerFailed = INTERNAL_SERVER_ERROR, Service, "handler failed", "the service failed";
    /// Code waited for the platform with [`wait`](crate::wait()) outside a handler that is a plain `fn`.
    WaitMisplaced = INTERNAL_SERVER_ERROR, Service, "misplaced wait", "the service failed";
    /// The platform that the service runs on has no such act, or not here (docs/fastly-compute.md).
    Unsupported = INTERNAL_SERVER_ERROR, Service, "unsupported", "the service failed";
    /// A handler panicked.
    HandlerPanicked = INTERNAL_SERVER_ERROR, Service, "handler panicked", "the service failed";
}
