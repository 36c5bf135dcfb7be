//! What would be active is checked as a whole before anything changes, by the same check as at start.

use selvedge_account::{Account, Fresh, Maker, Refused, ServiceType};
use selvedge_model::name::StoreKind;
use selvedge_runtime::account::ChangeError;
use selvedge_testkit::{Edge, ok};

use super::{activate, change, service};

const MANIFEST: &str = r#"
manifest_version = 1
name = "unfit"
[pops.LHR]
[config_stores.settings]
[secret_stores.keys]
[services.site]
type = "delivery"
domains = ["site.localhost"]
require_chain_auth = { config = "config", secrets = "secrets", accept = ["signed"] }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
backends.origin = { url = "http://origin.example" }
[services.front]
type = "delivery"
domains = ["front.localhost"]
backends.site = { service = "site" }
"#;

/// A new service with these settings, not active yet.
fn made(
    account: &mut Account,
    name: &str,
    settings: &str,
    fresh: &mut dyn Fresh,
) -> Result<(), Refused> {
    let id = account.create_service(name, ServiceType::Delivery, "", fresh)?.id.clone();
    account.create_version(&id, fresh)?;
    account.set_settings(&id, 1, settings.parse().unwrap(), fresh).map(drop)
}

#[tokio::test]
async fn a_version_that_does_not_fit_is_refused_with_every_reason_and_nothing_changes() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let live = edge.account();
    let origin = "backends.origin = { url = \"http://origin.example\" }";
    for (name, settings, reasons) in [
        (
            "owned",
            format!("type = \"delivery\"\ndomains = [\"site.localhost\"]\n{origin}"),
            &["`site.localhost` already belongs to service"][..],
        ),
        (
            "several",
            "type = \"delivery\"\ndomains = [\"a.localhost\"]\npurge = \"everybody\"\n\
             backends.origin = { service = \"nobody\" }"
                .to_owned(),
            &["there is no service `nobody`", "services.several.purge"],
        ),
        (
            "handled",
            "type = \"compute\"\nhandler = \"nowhere\"\ndomains = [\"b.localhost\"]".to_owned(),
            &["wants the handler `nowhere`, which this program does not contain"],
        ),
        ("empty", String::new(), &["`services.empty` needs `type`"]),
    ] {
        change(&live, |account, fresh| made(account, name, &settings, fresh)).await;
        let (account, world) = (live.now(), edge.world());
        let refused = activate(&live, &service(&live, name), 1).await.unwrap_err();
        let ChangeError::Refused(Refused::Unfit(found)) = refused else { panic!("{refused:?}") };
        for reason in reasons {
            assert!(found.iter().any(|it| it.contains(reason)), "{reason}: {found:#?}");
        }
        assert!(std::sync::Arc::ptr_eq(&account, &live.now()));
        assert!(std::sync::Arc::ptr_eq(&world, &edge.world()));
    }
}

#[tokio::test]
async fn a_service_that_others_send_to_cannot_stop() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let live = edge.account();
    let site = service(&live, "site");
    let stop = |account: &mut Account, fresh: &mut dyn Fresh| {
        account.deactivate(&site, 1, Maker::Person, fresh)
    };
    let Err(ChangeError::Refused(Refused::Unfit(reasons))) = live.change(stop).await else {
        panic!()
    };
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].starts_with("[services.front.backends.site] there is no service `site`"));
}

#[tokio::test]
async fn a_link_that_is_needed_cannot_go() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").on("/").reply(ok(""));
    let live = edge.account();
    let site = service(&live, "site");
    let number = change(&live, |account, fresh| {
        let draft = account.clone_version(&site, 1, Maker::Person, fresh)?;
        let secrets = draft.links.iter().find(|link| link.name == "secrets").unwrap();
        account.delete_link(&site, draft.number, &secrets.id, fresh)?;
        Ok(draft.number)
    })
    .await;
    let refused = activate(&live, &site, number).await.unwrap_err().to_string();
    assert!(refused.contains("secrets"), "{refused}");
    assert_eq!(live.now().active(&site).unwrap().number, 1);
    // A store that is linked cannot go, either.
    let keys = super::store(&live, StoreKind::Secret, "keys");
    let drop_it = |account: &mut Account, _: &mut dyn Fresh| {
        account.delete_store(StoreKind::Secret, keys.as_str(), false)
    };
    let refused = live.change(drop_it).await.unwrap_err().to_string();
    assert_eq!(refused, "the secret store `keys` is linked by version 1 of service `site`");
}
