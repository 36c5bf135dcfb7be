//! The table in docs/manifest.md and the keys in the code are the same.

use std::collections::BTreeSet;

use super::*;

const PAGE: &str = include_str!("../../../../../../docs/manifest.md");

#[test]
fn the_manifest_page_lists_every_key_and_no_other() {
    let sections = [
        ("", &ROOT),
        ("account.", &ACCOUNT),
        ("dev.", &DEV),
        ("pops.NAME.", &POP),
        ("shelf.", &SHELF),
        ("kv_stores.NAME.", &KV_STORE),
        ("kv_stores.NAME.items.", &KV_ITEM),
        ("config_stores.NAME.", &CONFIG_STORE),
        ("secret_stores.NAME.", &SECRET_STORE),
        ("secret_stores.NAME.items.", &SECRET_ITEM),
        ("services.NAME.", &SERVICE),
        ("services.NAME.links.NAME.", &LINK),
        ("services.NAME.backends.NAME.", &BACKEND),
        ("services.NAME.backends.NAME.chain_auth.", &CHAIN_AUTH),
        ("services.NAME.require_chain_auth.", &REQUIRE_CHAIN_AUTH),
        ("services.NAME.rules.", &RULE),
        ("services.NAME.rules.when.", &WHEN),
        ("services.NAME.rules.then.", &THEN),
        ("services.NAME.rules.then.key.", &KEY),
        ("services.NAME.rules.then.rewrite_path.", &REWRITE_PATH),
        ("services.NAME.rules.then.request_headers.", &HEADERS),
        ("services.NAME.rules.then.origin_headers.", &HEADERS),
        ("services.NAME.rules.then.response_headers.", &HEADERS),
        ("services.NAME.rules.then.redirect.", &REDIRECT),
        ("services.NAME.rules.then.synthetic.", &SYNTHETIC),
        ("services.NAME.backends.NAME.healthcheck.", &HEALTHCHECK),
        ("services.NAME.directors.NAME.", &DIRECTOR),
    ];
    let in_code: BTreeSet<String> = sections
        .iter()
        .flat_map(|(prefix, keys)| keys.known.iter().map(move |key| format!("{prefix}{key}")))
        .collect();
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let on_page: BTreeSet<String> = rows.map(|(key, _)| key.to_owned()).collect();
    let missing: Vec<_> = in_code.difference(&on_page).collect();
    let extra: Vec<_> = on_page.difference(&in_code).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:?}, too many {extra:?}");
}
