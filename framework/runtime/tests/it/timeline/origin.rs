//! The origin of a timeline: the testkit's, which answers as the script says.

use http::{HeaderMap, Method, StatusCode, header};
use selvedge_testkit::{Arrived, Fault, Reply, status};

use super::script::{self, Scripted};

/// A request that arrived at the origin.
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
}

impl Sent {
    pub(super) fn of(arrived: &Arrived) -> Self {
        Self { method: arrived.method.clone(), headers: arrived.headers.clone() }
    }
}

/// What the network makes of a scripted answer: no more of the body than is declared, and less is a body that breaks off.
pub(super) fn reply(method: &Method, scripted: &Scripted) -> Reply {
    let bytes = scripted.body.as_bytes();
    let mut reply = status(scripted.status.as_u16());
    for (name, value) in &scripted.headers {
        reply = reply.line(name, value);
    }
    let declared = scripted.headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_none() && !scripted.headers.contains_key(header::TRANSFER_ENCODING) {
        // Without a declared length the body is as long as its chunks.
        reply = reply.header("transfer-encoding", "chunked");
    }
    let no_content = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&scripted.status);
    if no_content || *method == Method::HEAD {
        return match scripted.fault {
            script::Fault::Refused => reply.fault(Fault::Refuse),
            script::Fault::None | script::Fault::BrokenAfter(_) => reply,
        };
    }
    let wanted = declared.unwrap_or(bytes.len());
    let length = match scripted.fault {
        script::Fault::Refused => return reply.fault(Fault::Refuse),
        script::Fault::BrokenAfter(length) => length.min(bytes.len()).min(wanted),
        script::Fault::None => bytes.len().min(wanted),
    };
    let reply = reply.body(bytes[..length].to_vec());
    match length < wanted {
        true => reply.fault(Fault::Truncate(usize::from(length > 0))),
        false => reply,
    }
}
