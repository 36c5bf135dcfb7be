//! Which needs a service meets, and what is said about the others.

use super::*;
use crate::manifest::Manifest;

const TEXT: &str = r#"
manifest_version = 1
name = "shop"
[pops.LHR]
[kv_stores.users-store]
[config_stores.shop_config]
[secret_stores.shop-secrets]
[services.storefront]
type = "compute"
handler = "storefront"
domains = ["shop.test"]
[services.storefront.links]
users = { kv_store = "users-store" }
config = { config_store = "shop_config" }
secrets = { secret_store = "shop-secrets" }
[services.storefront.backends.catalog]
url = "http://127.0.0.1:9000"
chain_auth = { config = "config", secrets = "secrets", mode = "signed" }
[services.storefront.backends.plain]
url = "http://127.0.0.1:9000"
"#;

fn said(needs: &[Need]) -> Vec<String> {
    let (manifest, problems) = Manifest::parse(TEXT);
    let manifest = manifest.unwrap_or_else(|| panic!("{}", problems.render("edge.toml")));
    let service = manifest.services.get("storefront").expect("service");
    unmet(needs, service).iter().map(Unmet::to_string).collect()
}

fn store(kind: StoreKind, name: &'static str) -> Need {
    Need { kind: NeedKind::Store(kind), name }
}

fn backend(name: &'static str, stores: Option<(&'static str, &'static str)>) -> Need {
    let chain_auth = stores.map(|(config, secrets)| ChainStores { config, secrets });
    Need { kind: NeedKind::Backend { chain_auth }, name }
}

#[test]
fn needs_that_are_met() {
    let needs = [
        store(StoreKind::Kv, "users"),
        store(StoreKind::Config, "config"),
        store(StoreKind::Secret, "secrets"),
        backend("catalog", None),
        backend("catalog", Some(("config", "secrets"))),
        backend("plain", None),
    ];
    assert_eq!(said(&needs), Vec::<String>::new());
}

#[test]
fn needs_that_are_not_met() {
    let cases = [
        (
            store(StoreKind::Kv, "user"),
            "the code of `storefront` needs a KV store link `user`, which it does not have; did you \
             mean `users`?",
        ),
        (
            store(StoreKind::Kv, "configs"),
            "the code of `storefront` needs a KV store link `configs`, which it does not have",
        ),
        (
            store(StoreKind::Config, "users"),
            "the code of `storefront` needs a config store link `users`, but the manifest links the \
             KV store `users-store` as `users`",
        ),
        (
            backend("catalogue", None),
            "the code of `storefront` needs a backend `catalogue`, which it does not have; did you \
             mean `catalog`?",
        ),
        (
            backend("plain", Some(("config", "secrets"))),
            "the code of `storefront` needs a backend `plain` with chain auth, but the manifest gives \
             it no `chain_auth`",
        ),
        (
            backend("catalog", Some(("config", "users"))),
            "the code of `storefront` needs a backend `catalog` with chain auth by `config` and \
             `users`, but the manifest says `config` and `secrets`",
        ),
    ];
    for (need, expected) in cases {
        assert_eq!(said(&[need, need]), [expected]);
    }
}
