//! One world after another: what a request began in, it keeps; what is not about services goes on.

use std::{future::Future, pin::pin, task::Poll};

use selvedge::{Binding, Service, prelude::*};
use selvedge_account::{Maker, Refused};
use selvedge_model::name::StoreKind;
use selvedge_testkit::{Edge, Gate, Refusal, ok};

use super::{activate, change, relinked, service, set_config, store};

const MANIFEST: &str = r#"
manifest_version = 1
name = "swap"
[pops.LHR]
[config_stores.one]
contents = { word = "one" }
[config_stores.two]
contents = { word = "two" }
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
links.settings = { config_store = "one" }
[services.plain]
type = "delivery"
domains = ["plain.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

const SITE: &str = "http://site.localhost/";
const PLAIN: &str = "http://plain.localhost/";

#[config_store("settings")]
struct Settings;

#[backend("origin")]
struct Origin;

/// A service that asks its origin, and then reads its settings.
fn site() -> Service {
    async fn answer(origin: Origin, settings: Settings, request: Request) -> Result<String> {
        origin.send(request).await?;
        Ok(settings.get("word")?.unwrap_or_default())
    }
    Service::new("site", Router::new().fallback(answer), vec![Origin::NEED, Settings::NEED])
}

async fn edge() -> Edge {
    let edge = Edge::from_toml(MANIFEST).service(site()).start().await;
    edge.origin("plain", "origin").on("/").reply(ok("plain").max_age(60));
    edge
}

/// Begins a request that is held at its origin.
async fn begin<F: Future>(request: &mut std::pin::Pin<&mut F>, gate: &Gate) {
    let begun = std::future::poll_fn(|context| {
        assert!(request.as_mut().poll(context).is_pending());
        Poll::Ready(())
    });
    begun.await;
    assert_eq!(gate.done(), 0);
}

#[tokio::test]
async fn a_request_keeps_its_links_and_the_next_has_the_new_ones() {
    let edge = edge().await;
    let gate = Gate::closed();
    let origin = edge.origin("site", "origin");
    origin.on("/held").reply(ok("").held(&gate));
    origin.on("/").reply(ok(""));
    let url = format!("{SITE}held");
    let mut held = pin!(edge.get(&url));
    begin(&mut held, &gate).await;

    let live = edge.account();
    let (site, two) = (service(&live, "site"), store(&live, StoreKind::Config, "two"));
    let (number, _) = relinked(&live, &site, 1, &two).await;
    // A draft is nobody's business yet.
    assert_eq!(edge.get(SITE).await.text(), "one");
    activate(&live, &site, number).await.unwrap();
    assert_eq!(edge.get(SITE).await.text(), "two");
    gate.open();
    assert_eq!(held.await.text(), "one");
    // And back: a version that was active can be again.
    activate(&live, &site, 1).await.unwrap();
    assert_eq!(edge.get(SITE).await.text(), "one");
}

#[tokio::test]
async fn contents_are_live_at_once_even_for_a_request_under_way() {
    let edge = edge().await;
    let gate = Gate::closed();
    edge.origin("site", "origin").on("/").reply(ok("").held(&gate));
    let mut held = pin!(edge.get(SITE));
    begin(&mut held, &gate).await;
    let live = edge.account();
    let before = edge.world();
    set_config(&live, &store(&live, StoreKind::Config, "one"), "word", "changed").await;
    gate.open();
    assert_eq!(held.await.text(), "changed");
    // Contents are no part of a world.
    assert!(std::sync::Arc::ptr_eq(&before, &edge.world()));
}

#[tokio::test]
async fn a_renamed_store_keeps_its_links_and_contents() {
    let edge = edge().await;
    edge.origin("site", "origin").on("/").reply(ok(""));
    let live = edge.account();
    let (one, two) =
        (store(&live, StoreKind::Config, "one"), store(&live, StoreKind::Config, "two"));
    // The two change their names, so that what is active reads the same as before.
    change(&live, |account, fresh| {
        for (store, name) in [(&one, "x"), (&two, "one"), (&one, "two")] {
            account.rename_store(StoreKind::Config, store.as_str(), name, fresh)?;
        }
        Ok::<_, Refused>(())
    })
    .await;
    assert_eq!(edge.get(SITE).await.text(), "one");
}

#[tokio::test]
async fn what_is_cached_and_what_was_purged_outlives_a_world() {
    let edge = edge().await;
    let live = edge.account();
    let plain = service(&live, "plain");
    edge.get(PLAIN).await;
    let again = |live| {
        change(live, |account, fresh| {
            account.clone_version(&plain, 1, Maker::Person, fresh).map(|version| version.number)
        })
    };
    let number = again(&live).await;
    activate(&live, &plain, number).await.unwrap();
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "HIT");
    edge.world().services["plain"].cached.begin_generation();
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "MISS");
    // It stops, and nothing of it is there; it goes on, and what was purged stays purged.
    change(&live, |account, fresh| account.deactivate(&plain, number, Maker::Person, fresh)).await;
    assert_eq!(edge.get(PLAIN).await.header("error-reason"), Refusal::UnknownDomain.reason());
    activate(&live, &plain, number).await.unwrap();
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "HIT");
    assert_eq!(edge.world().services["plain"].cached.generation(), 1);
    assert_eq!(edge.origin("plain", "origin").count(), 2);
}

/// What is cached goes with the service, not with its name.
#[tokio::test]
async fn a_service_that_is_renamed_keeps_what_it_cached_and_what_was_purged() {
    let edge = edge().await;
    let live = edge.account();
    let plain = service(&live, "plain");
    let rename = async |name: &'static str| {
        let renamed =
            change(&live, |account, fresh| account.update_service(&plain, Some(name), None, fresh));
        renamed.await
    };
    edge.get(PLAIN).await;
    rename("other").await;
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "HIT");
    edge.world().services["other"].cached.begin_generation();
    rename("plain").await;
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "MISS");
    assert_eq!(edge.origin("plain", "origin").count(), 2);
}

#[tokio::test]
async fn a_service_finds_nothing_of_another_that_had_its_name() {
    let edge = edge().await;
    let live = edge.account();
    edge.get(PLAIN).await;
    let old = service(&live, "plain");
    change(&live, |account, fresh| {
        let settings = account.version(&old, 1)?.settings.clone();
        account.deactivate(&old, 1, Maker::Person, fresh)?;
        let (kind, _) = (account.service("plain")?.kind, account.delete_service(&old)?);
        let new = account.create_service("plain", kind, "", fresh)?.id.clone();
        account.create_version(&new, fresh)?;
        account.set_settings(&new, 1, settings, fresh)?;
        account.activate(&new, 1, Maker::Person, fresh)
    })
    .await;
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "MISS");
    assert_eq!(edge.get(PLAIN).await.header("x-cache"), "HIT");
}

#[tokio::test]
async fn a_backend_keeps_its_number_until_something_about_it_changes() {
    let edge = edge().await;
    let live = edge.account();
    let number = |service: &str| edge.world().services[service].backends["origin"].number;
    let (site, plain) = (number("site"), number("plain"));
    assert_ne!(site, plain);
    let id = service(&live, "plain");
    for (settings, is_same) in [
        ("purge = \"open\"\nbackends.origin = { url = \"http://origin.example\" }", true),
        ("backends.origin = { url = \"http://origin.example\", connect_timeout_ms = 5 }", false),
        ("backends.origin = { url = \"http://other.example\" }", false),
    ] {
        let before = number("plain");
        let text = format!("type = \"delivery\"\ndomains = [\"plain.localhost\"]\n{settings}");
        change(&live, |account, fresh| {
            let draft = account.clone_version(&id, 1, Maker::Person, fresh)?.number;
            account.set_settings(&id, draft, text.parse().unwrap(), fresh)?;
            account.activate(&id, draft, Maker::Person, fresh)
        })
        .await;
        assert_eq!(number("plain") == before, is_same, "{settings}");
        assert_eq!(number("site"), site);
    }
}

#[tokio::test]
async fn everything_can_be_stopped_and_begun_again() {
    let edge = edge().await;
    edge.origin("site", "origin").on("/").reply(ok(""));
    let live = edge.account();
    let both = ["site", "plain"].map(|name| service(&live, name));
    change(&live, |account, fresh| {
        both.iter().try_for_each(|id| account.deactivate(id, 1, Maker::Person, fresh).map(drop))
    })
    .await;
    assert_eq!(edge.get(SITE).await.status, 421);
    for id in &both {
        activate(&live, id, 1).await.unwrap();
    }
    assert_eq!(edge.get(SITE).await.text(), "one");
}
