//! Limits that take many calls: at the limit, and one beyond. Those of single names, keys and values are in `cases/`.

use selvedge_model::limits::{
    CONFIG_BATCH_MAX, CONFIG_ITEMS_PER_STORE, CONFIG_STORES_PER_ACCOUNT, KV_STORES_PER_ACCOUNT,
    LINKS_PER_SERVICE,
};

use super::Node;

#[tokio::test]
async fn a_version_has_so_many_links() {
    let node = Node::start().await;
    let store = node.store("kv", "one").await;
    node.plain("PUT /service/site/version/1/clone").await;
    let line = "POST /service/site/version/2/resource";
    for number in 1..=LINKS_PER_SERVICE {
        let made = node.form(line, &format!("name=link-{number}&resource_id={store}")).await;
        assert_eq!(made.status, 200, "{}", made.text());
    }
    let refused = node.form(line, &format!("name=more&resource_id={store}")).await;
    let says = r#"{"msg":"Bad request","detail":"a service version has at most 50 links"}"#;
    assert_eq!(refused.both(), (400, says.to_owned()));
}

#[tokio::test]
async fn an_account_has_so_many_kv_stores() {
    let node = Node::start().await;
    let (line, json) = ("POST /resources/stores/kv", |number| format!(r#"{{"name":"{number}"}}"#));
    for number in 1..=KV_STORES_PER_ACCOUNT {
        assert_eq!(node.json(line, &json(number)).await.status, 201);
    }
    let refused = node.json(line, &json(0)).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.field("detail"), "an account has at most 50 KV stores");
}

#[tokio::test]
async fn an_account_has_so_many_config_stores() {
    let node = Node::start().await;
    let line = "POST /resources/stores/config";
    for number in 1..=CONFIG_STORES_PER_ACCOUNT {
        assert_eq!(node.form(line, &format!("name=store{number}")).await.status, 200);
    }
    let refused = node.form(line, "name=more").await;
    assert_eq!(
        (refused.status, refused.field("detail").as_str()),
        (400, "an account has at most 5 config stores")
    );
}

/// So many changes of one kind, of as many items.
fn changes(op: &str, number: usize) -> String {
    let items =
        (0..number).map(|n| format!(r#"{{"op":"{op}","item_key":"k{n}","item_value":"v"}}"#));
    format!(r#"{{"items":[{}]}}"#, items.collect::<Vec<_>>().join(","))
}

#[tokio::test]
async fn a_config_store_has_so_many_items() {
    let node = Node::start().await;
    let line = format!("/resources/stores/config/{}", node.store("config", "full").await);
    let patch = format!("PATCH {line}/items");
    let more = changes("create", CONFIG_ITEMS_PER_STORE + 1);
    let refused = node.json(&patch, &more).await;
    assert_eq!(
        (refused.status, refused.field("detail").as_str()),
        (400, "a config store has at most 500 items")
    );
    assert_eq!(node.json(&patch, &changes("create", CONFIG_ITEMS_PER_STORE)).await.status, 200);
    let refused = node.form(&format!("POST {line}/item"), "item_key=more&item_value=v").await;
    assert_eq!(refused.status, 400);
    let written = node.form(&format!("PUT {line}/item/k0"), "item_value=w").await;
    assert_eq!(written.status, 200);
    assert_eq!(node.plain(&format!("GET {line}/info")).await.text(), r#"{"item_count":500}"#);
}

#[tokio::test]
async fn a_batch_has_so_many_changes() {
    let node = Node::start().await;
    let patch =
        format!("PATCH /resources/stores/config/{}/items", node.store("config", "batch").await);
    // The same few keys over and over, since the store does not take as many.
    let few = |number| changes("upsert", number).replace(|c: char| c.is_ascii_digit(), "1");
    assert_eq!(node.json(&patch, &few(CONFIG_BATCH_MAX)).await.status, 200);
    let refused = node.json(&patch, &few(CONFIG_BATCH_MAX + 1)).await;
    assert_eq!(
        (refused.status, refused.field("detail").as_str()),
        (400, "a batch has at most 1000 changes")
    );
}

/// The platform's 1000 an hour: the last one is taken, the next one is not, and the next hour has as many again.
#[tokio::test]
async fn an_hour_has_so_many_writes() {
    let node = Node::within(1000).await;
    let store = node.store("kv", "written").await;
    let line = format!("PUT /resources/stores/kv/{store}/keys/k");
    for _ in 0..998 {
        assert_eq!(node.call(&line, &[], b"v").await.status, 200);
    }
    let left = |reply: &super::Reply| reply.header("fastly-ratelimit-remaining").map(str::to_owned);
    let last = node.call(&line, &[], b"last").await;
    assert_eq!((last.status, left(&last).as_deref()), (200, Some("0")));
    let refused = node.call(&line, &[], b"more").await;
    assert_eq!((refused.status, left(&refused).as_deref()), (429, Some("0")));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(refused.header("fastly-ratelimit-reset"), Some("1700002800"));
    assert_eq!(refused.field("detail"), "at most 1000 writes an hour are taken");
    let older = node.form("POST /resources/stores/config", "name=c").await;
    let says = r#"{"msg":"Too many requests","detail":"at most 1000 writes an hour are taken"}"#;
    assert_eq!(older.both(), (429, says.to_owned()));
    let path = line.replace("PUT ", "GET ");
    assert_eq!(node.plain(&path).await.text(), "last");
    assert_eq!(node.plain("POST /service/site/purge_all").await.status, 200);
    node.wait(3600).await;
    assert_eq!(node.call(&line, &[], b"next").await.status, 200);
}
