//! The service's log: the endpoint `selvedge`, where the platform's service has one of that name, and standard error,
//! which the platform shows while somebody looks.

use std::io::{self, Write};

use ::fastly::log::Endpoint;

/// The endpoint's name.
const ENDPOINT: &str = "selvedge";

/// Writes a line to both, with line breaks and other control characters as escapes. An endpoint that is not there takes it
/// silently; nobody could be told of another failure.
pub(super) fn line(line: &str) {
    let line = line.escape_debug();
    // In one piece: the platform makes a line of every write.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
    if let Ok(mut endpoint) = Endpoint::try_from_name(ENDPOINT) {
        let _ = endpoint.write_all(line.to_string().as_bytes());
    }
}
