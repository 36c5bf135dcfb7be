//! The service's log: the endpoint `selvedge`, where the platform's service has one of that name, and standard error,
//! which the platform shows while somebody looks.

use std::io::{self, Write};

use ::fastly::log::Endpoint;

/// The endpoint's name.
const ENDPOINT: &str = "selvedge";

/// Writes a line to both. An endpoint that is not there takes it silently; nobody could be told of another failure.
pub(super) fn line(line: &str) {
    // In one piece: the platform makes a line of every write.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
    if let Ok(mut endpoint) = Endpoint::try_from_name(ENDPOINT) {
        let _ = endpoint.write_all(line.as_bytes());
    }
}
