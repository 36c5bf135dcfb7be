//! What a handler crate depends on by depending on the SDK: the page lists all of it, each with why.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/handlers.md");
const MANIFEST: &str = include_str!("../../Cargo.toml");

#[test]
fn every_dependency_is_listed_with_why_and_nothing_else_is() {
    let depended: BTreeSet<&str> = tables("dependencies").chain(tables("'.dependencies")).collect();
    assert!(depended.contains("axum") && depended.contains("fastly"), "{depended:?}");
    assert_eq!(listed(), depended);
}

/// The names in a kind of table of the manifest.
fn tables(kind: &'static str) -> impl Iterator<Item = &'static str> {
    let tables = MANIFEST.split("\n[").filter(move |table| {
        let name = table.split(']').next().unwrap_or_default();
        if kind.starts_with('\'') { table.contains(&format!("{kind}]\n")) } else { name == kind }
    });
    let lines = tables.flat_map(|table| table.lines().skip(1));
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('.').map(first))
}

fn first<'t>((name, _): (&'t str, &str)) -> &'t str {
    name
}

/// The names in the page's table, and the one below it.
fn listed() -> BTreeSet<&'static str> {
    let (_, section) = PAGE.split_once("## What a handler crate depends on").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let names = rows.flat_map(|row| {
        let [crates, why] = row.trim_matches('|').split('|').collect::<Vec<_>>()[..] else {
            return Vec::new();
        };
        assert!(why.trim().len() > 10, "{row}");
        // What stands in parentheses are features, or what a crate of ours brings.
        let outside = crates.split('(').next().unwrap_or_default();
        outside.split('`').skip(1).step_by(2).collect()
    });
    let (_, below) = section.split_once("For `wasm32-wasip1` also `").unwrap();
    names.chain(below.split('`').next()).collect()
}
