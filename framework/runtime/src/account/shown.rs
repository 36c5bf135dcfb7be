//! What is shown of an account: the account, and its secrets opened, since requests read them far more often than they
//! change.

use std::collections::BTreeMap;
use std::sync::Arc;

use selvedge::store::secret::Secret;
use selvedge_account::Account;
use selvedge_model::id::StoreId;
use selvedge_model::name::StoreKind;

use super::seal::Sealer;

/// An account as it is at a moment.
pub(super) struct Shown {
    pub(super) account: Arc<Account>,
    secrets: BTreeMap<StoreId, BTreeMap<String, Opened>>,
}

/// A secret with the digest that it was sealed with, which another one never has.
struct Opened {
    digest: String,
    secret: Secret,
}

impl Shown {
    /// This account; what was open before is not opened again.
    pub(super) fn of(account: Account, before: Option<&Self>, sealer: &Sealer) -> Self {
        let stores = account.stores(StoreKind::Secret);
        let secrets = stores.map(|store| {
            let known = before.and_then(|before| before.secrets.get(&store.id));
            (store.id.clone(), opened(&account, &store.id, known, sealer))
        });
        let secrets = secrets.collect();
        Self { account: Arc::new(account), secrets }
    }

    pub(super) fn secret(&self, store: &StoreId, name: &str) -> Option<Secret> {
        Some(self.secrets.get(store)?.get(name)?.secret.clone())
    }
}

fn opened(
    account: &Account,
    store: &StoreId,
    known: Option<&BTreeMap<String, Opened>>,
    sealer: &Sealer,
) -> BTreeMap<String, Opened> {
    let each = account.secrets(store.as_str()).filter_map(|(name, sealed)| {
        let known = known.and_then(|known| known.get(name));
        let secret = match known.filter(|known| known.digest == sealed.digest) {
            Some(known) => known.secret.clone(),
            None => sealer.open((store.as_str(), name), &sealed.sealed)?,
        };
        Some((name.to_owned(), Opened { digest: sealed.digest.clone(), secret }))
    });
    each.collect()
}
