//! How a scripted origin fails.

use selvedge::Refusal;

/// How an origin fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Its name cannot be resolved.
    Dns,
    /// No connection is accepted.
    Refuse,
    /// No connection is accepted in time.
    ConnectTimeout,
    /// The connection's certificate is no good.
    Tls,
    /// The connection is closed before a response begins.
    Reset,
    /// No response begins in time. It says so at once; [`Reply::after`](crate::Reply::after) lets the clock say so.
    Timeout,
    /// What it sends is no HTTP response.
    Garbage,
    /// The connection is closed after the head, before anything of the body.
    ResetAfterHead,
    /// The body breaks off after so many of its chunks.
    Truncate(usize),
    /// The body breaks off after so many of its bytes; its declared length, if there is one, is that of the whole.
    TruncateAt(usize),
}

/// How far a response gets.
pub(super) enum Fails {
    /// It does not begin.
    AtOnce(Refusal),
    /// Its body breaks off there.
    After(Cut),
}

/// Where a body breaks off.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    Chunks(usize),
    Bytes(usize),
}

impl Fault {
    pub(super) fn fails(self) -> Fails {
        match self {
            Self::Dns => Fails::AtOnce(Refusal::DnsError),
            Self::Refuse => Fails::AtOnce(Refusal::ConnectionRefused),
            Self::ConnectTimeout => Fails::AtOnce(Refusal::ConnectTimeout),
            Self::Tls => Fails::AtOnce(Refusal::TlsError),
            Self::Reset => Fails::AtOnce(Refusal::ConnectionTerminated),
            Self::Timeout => Fails::AtOnce(Refusal::FirstByteTimeout),
            Self::Garbage => Fails::AtOnce(Refusal::ResponseInvalid),
            Self::ResetAfterHead => Fails::After(Cut::Bytes(0)),
            Self::Truncate(chunks) => Fails::After(Cut::Chunks(chunks)),
            Self::TruncateAt(bytes) => Fails::After(Cut::Bytes(bytes)),
        }
    }
}
