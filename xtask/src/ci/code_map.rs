//! Every place in the code map of `ARCHITECTURE.md` must exist.
//!
//! Not that every place has a line: the map shows the way, it is no list of files.

use std::path::Path;

use crate::failure::{Failure, Outcome, While};

#[cfg(test)]
mod tests;

/// Checks every path in the first column of the map.
pub(crate) fn check(root: &Path) -> Outcome {
    let page = root.join("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&page).or_cannot(|| format!("read `{}`", page.display()))?;
    let places: Vec<String> = places(&text).collect();
    if places.is_empty() {
        return Err(Failure::new("`ARCHITECTURE.md` has no code map"));
    }
    let gone = places.iter().filter(|place| !root.join(place).exists());
    let gone: Vec<String> =
        gone.map(|it| format!("the code map shows `{it}`, which is not there")).collect();
    if gone.is_empty() { Ok(()) } else { Err(Failure::new(gone.join("\n  "))) }
}

/// The paths of the rows between the map's heading and the next one.
fn places(page: &str) -> impl Iterator<Item = String> {
    let map = page.lines().skip_while(|line| *line != "## Code map").skip(1);
    let rows = map.take_while(|line| !line.starts_with("## "));
    rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`')).flat_map(|(it, _)| spelt(it))
}

/// `a/{b,c}.rs` is `a/b.rs` and `a/c.rs`.
fn spelt(place: &str) -> Vec<String> {
    let braces = place.split_once('{').and_then(|(before, rest)| {
        rest.split_once('}').map(|(names, after)| (before, names, after))
    });
    match braces {
        None => vec![place.to_owned()],
        Some((before, names, after)) => {
            names.split(',').map(|name| format!("{before}{name}{after}")).collect()
        }
    }
}
