//! How much memory this process may have: the limit of its control group, version 2 or 1.
//!
//! Read once, when a node starts. A limit holds for a group and all groups below it, so that the
//! smallest on the way up counts; in a container the group's own folder may be the root.

use std::{fs, path::Path};

/// Where the files of control groups lie.
const ROOT: &str = "/sys/fs/cgroup";

/// Version 1 says "no limit" with a number near the largest.
const NO_LIMIT: u64 = 1 << 60;

/// Memory for cached objects where no limit is known, in bytes.
const DEFAULT_BUDGET: u64 = 256 * 1024 * 1024;

/// Objects may take this part of the memory; the rest is for connections, stores and handlers.
const SHELF_SHARE: u64 = 4;

/// Memory for cached objects unless somebody says otherwise, in bytes: a quarter of the limit, or
/// 256 MiB where none can be read.
#[must_use]
pub fn default_shelf_bytes() -> u64 {
    shelf_bytes(&|path: &str| fs::read_to_string(path).ok())
}

fn shelf_bytes(read: &dyn Fn(&str) -> Option<String>) -> u64 {
    limit(read).map_or(DEFAULT_BUDGET, |limit| limit / SHELF_SHARE)
}

/// The smallest limit that holds for this process, in bytes.
fn limit(read: &dyn Fn(&str) -> Option<String>) -> Option<u64> {
    let groups = read("/proc/self/cgroup").unwrap_or_default();
    let own = groups.lines().flat_map(files).collect::<Vec<_>>();
    let root = [format!("{ROOT}/memory.max"), format!("{ROOT}/memory/memory.limit_in_bytes")];
    let limits = own.into_iter().chain(root).filter_map(|path| bytes(&read(&path)?));
    limits.min()
}

/// The files that limit one line's group and the groups above it: `0::/a/b` or `4:memory:/a/b`.
fn files(line: &str) -> Vec<String> {
    let mut parts = line.splitn(3, ':');
    let (Some(_), Some(controllers), Some(group)) = (parts.next(), parts.next(), parts.next())
    else {
        return Vec::new();
    };
    let (folder, file) = match controllers {
        "" => (ROOT.to_owned(), "memory.max"),
        _ if controllers.split(',').any(|name| name == "memory") => {
            (format!("{ROOT}/memory"), "memory.limit_in_bytes")
        }
        _ => return Vec::new(),
    };
    let above = Path::new(group.trim_start_matches('/')).ancestors();
    above.filter_map(|group| Some(format!("{folder}/{}/{file}", group.to_str()?))).collect()
}

/// `max` is no limit.
fn bytes(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|bytes| *bytes < NO_LIMIT)
}

#[cfg(test)]
mod tests;
