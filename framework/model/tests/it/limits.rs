//! Limits of what a manifest declares, at the limit and one beyond, where that is too long for a file.

use std::fmt::Write;

use selvedge_model::limits::{
    CONFIG_ITEMS_PER_STORE, CONFIG_STORES_PER_ACCOUNT, KV_STORES_PER_ACCOUNT,
};
use selvedge_model::manifest::Manifest;

const HEAD: &str = "manifest_version = 1\nname = \"limits\"\n[pops.LHR]\n[services.site]\ntype = \"delivery\"\n\
                    domains = [\"site.localhost\"]\nbackends.origin.url = \"http://127.0.0.1:9000\"\n";

/// So many lines under a table.
fn manifest(table: &str, count: usize, value: &str) -> String {
    let mut text = format!("{HEAD}[{table}]\n");
    for number in 0..count {
        let _ = writeln!(text, "n{number} = {value}");
    }
    text
}

#[test]
fn limits_hold_at_the_limit_and_one_beyond() {
    for (table, value, most, said) in [
        ("kv_stores", "{}", KV_STORES_PER_ACCOUNT, "51 KV stores; an account has at most 50"),
        (
            "config_stores",
            "{}",
            CONFIG_STORES_PER_ACCOUNT,
            "6 config stores; an account has at most 5",
        ),
        (
            "config_stores.c.contents",
            "\"\"",
            CONFIG_ITEMS_PER_STORE,
            "501 items; a config store has at most 500",
        ),
    ] {
        let (full, problems) = Manifest::parse(&manifest(table, most, value));
        assert!(full.is_some(), "{}", problems.render("edge.toml"));
        let (over, problems) = Manifest::parse(&manifest(table, most + 1, value));
        assert!(over.is_none());
        assert!(
            problems.iter().any(|problem| problem.what == said),
            "{}",
            problems.render("edge.toml")
        );
    }
    // An account holds any number of secret stores.
    assert!(Manifest::parse(&manifest("secret_stores", 200, "{}")).0.is_some());
}

#[test]
fn what_is_active_may_be_nothing() {
    let text = "manifest_version = 1\nname = \"none\"\n[pops.LHR]\n[services]\n";
    assert!(Manifest::parse(text).0.is_none());
    assert!(Manifest::parse_active(text).0.is_some_and(|manifest| manifest.services.is_empty()));
    // Everything else is the same check.
    assert!(Manifest::parse_active(&text.replace("[pops.LHR]", "")).0.is_none());
}
