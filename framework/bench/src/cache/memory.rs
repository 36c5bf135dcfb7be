//! What an object takes beside its head and body.
//!
//! It is the resident memory that one node has more than another with a tenth of its objects,
//! shared out among the objects that it has more. Body and head as the origin sent them are taken
//! off; what remains is the key, the fields that the cache adds, the map and the order of use, and
//! what the allocator rounds up.

use std::fmt::Write;

use selvedge_bench::{child::Server, origin::HEAD_BYTES};

/// The fields that the origin's HTTP library adds: `content-length: 1024`, and `date` with a date.
const ADDED_HEAD_BYTES: usize = 14 + 4 + 4 + 29;

/// One line for each two nodes that follow each other.
#[expect(clippy::cast_precision_loss, reason = "bytes and objects of a run are far below 2^52")]
pub(crate) fn text(nodes: &[(u64, Server)], size: usize) -> String {
    let given = (size + HEAD_BYTES + ADDED_HEAD_BYTES) as f64;
    let mut text = format!("\nmemory per object, of which {given:.0} bytes are head and body\n");
    let resident: Vec<_> =
        nodes.iter().map(|(count, node)| (*count, node.resident_bytes())).collect();
    for two in resident.windows(2) {
        let [(few, less), (many, more)] = *two else { continue };
        let each = (more as f64 - less as f64) / (many - few) as f64;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{few} to {many}: {each:.0} bytes, overhead {:.0}", each - given);
    }
    text
}
