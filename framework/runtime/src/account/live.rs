//! The account of the moment, and what is behind it.

use std::sync::{Arc, OnceLock, Weak};

use arc_swap::ArcSwap;
use selvedge::store::secret::Secret;
use selvedge_account::{Account, changes};
use selvedge_model::id::StoreId;
use selvedge_model::name::StoreKind;
use tokio::sync::Mutex;

use super::disk::{DiskRows, Found};
use super::kept::Kept;
use super::key::{KEY_VARIABLE, Missing, SecretKey};
use super::rekey;
use super::seal::Sealer;
use super::shown::Shown;
use super::{OpenError, Random};
use crate::clock::Clock;
use crate::stores::state_dir::StateDir;
use crate::world::Worlds;

/// What is sealed with a key to know it again.
pub(super) const KEY_CHECK: (&str, &str) = ("", "key check");

/// An account that is in use.
pub struct LiveAccount {
    pub(super) shown: ArcSwap<Shown>,
    /// Who holds it changes the account.
    pub(super) turn: Arc<Mutex<()>>,
    pub(super) kept: Kept,
    pub(super) sealer: Sealer,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    /// What is served by it. It holds the account, so that this must not hold it.
    worlds: OnceLock<Weak<Worlds>>,
}

/// What may become of the files of a state directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    /// They are made and brought to an end.
    Change,
    /// They stay as they are.
    Stay,
}

impl LiveAccount {
    /// An empty account that is gone with the process.
    #[must_use]
    pub fn in_memory(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Arc<Self> {
        let sealer = Sealer::new(&SecretKey::throw_away(), Arc::clone(&random));
        Arc::new(Self::of(Account::default(), Kept::InMemory, sealer, (clock, random)))
    }

    /// The account of a state directory; an empty one where it has none yet.
    ///
    /// # Errors
    /// Where its file is not ours, damaged, of a newer version or out of reach; where the secret key is missing or the
    /// wrong one.
    pub fn open(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<Self>, OpenError> {
        let sealer = Self::check_key(state, env, &random)?;
        let (file, Found { account, facts }) = DiskRows::open(&state.account_path())?;
        if facts.key_check.is_none() {
            note_key(&file, &sealer)?;
        }
        Ok(Arc::new(Self::of(account, Kept::OnDisk(file), sealer, (clock, random))))
    }

    /// That the account of a state directory can be read and has its key, before anything there is written.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn check_state(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        random: &Arc<dyn Random>,
    ) -> Result<(), OpenError> {
        Self::check_key(state, env, random).map(drop)
    }

    /// The account of a state directory as it would be opened, in memory: every file stays as it is, byte for byte, and
    /// none is made.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn look(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<Self>, OpenError> {
        let (seen, sealer) = Self::seen(state, env, &random, Files::Stay)?;
        let account = seen.map(|seen| seen.account).unwrap_or_default();
        Ok(Arc::new(Self::of(account, Kept::InMemory, sealer, (clock, random))))
    }

    /// What opens the secrets of a state directory. Where a change of keys was interrupted, its files are brought to an end.
    pub(super) fn check_key(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        random: &Arc<dyn Random>,
    ) -> Result<Sealer, OpenError> {
        Self::seen(state, env, random, Files::Change).map(|(_, sealer)| sealer)
    }

    /// What its file holds, where there is one, and what opens its secrets.
    fn seen(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        random: &Arc<dyn Random>,
        files: Files,
    ) -> Result<(Option<Found>, Sealer), OpenError> {
        let seen = DiskRows::look(&state.account_path())?;
        let check = seen.as_ref().and_then(|seen| seen.facts.key_check.as_deref());
        let missing = match (check, files) {
            (Some(_), _) => Missing::Refuse,
            (None, Files::Change) => Missing::Make,
            (None, Files::Stay) => Missing::ThrowAway,
        };
        let sealer = |key: &SecretKey| Sealer::new(key, Arc::clone(random));
        let opens =
            |sealer: &Sealer| check.is_none_or(|check| sealer.open(KEY_CHECK, check).is_some());
        let found = SecretKey::find(state, env, missing).map(|key| sealer(&key));
        let sealer = match found {
            Ok(sealer) if opens(&sealer) => sealer,
            found => {
                // The environment is the operator's: what it says is not known better here.
                let left = env(KEY_VARIABLE).is_none().then(|| rekey::left_over(state)).flatten();
                let next = left.map(|key| sealer(&key)).filter(opens);
                let Some(next) = next else {
                    return Err(found.err().unwrap_or(OpenError::KeyWrong));
                };
                if files == Files::Change {
                    rekey::finish(state).map_err(OpenError::KeyUnreadable)?;
                }
                next
            }
        };
        seen.as_ref().map_or(Ok(()), |seen| check_secrets(&seen.account, &sealer))?;
        Ok((seen, sealer))
    }

    /// The same without its secrets where their key is lost: another key is taken, and noted once they are gone. Secrets
    /// that the key opens are not lost, and stay.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for what a key has to do with.
    pub fn open_without_secrets(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<Self>, OpenError> {
        let (file, Found { account: old, facts }) = DiskRows::open(&state.account_path())?;
        let key = SecretKey::find(state, env, Missing::Make)?;
        let sealer = Sealer::new(&key, Arc::clone(&random));
        let check = facts.key_check.as_deref();
        let is_key = check.is_some_and(|check| sealer.open(KEY_CHECK, check).is_some());
        if is_key && check_secrets(&old, &sealer).is_ok() {
            return Ok(Arc::new(Self::of(old, Kept::OnDisk(file), sealer, (clock, random))));
        }
        let mut account = old.clone();
        account.forget_secrets();
        let rows = changes(&old, &account);
        if !rows.is_empty() {
            file.write(&rows, &account)?;
        }
        note_key(&file, &sealer)?;
        Ok(Arc::new(Self::of(account, Kept::OnDisk(file), sealer, (clock, random))))
    }

    pub(super) fn of(
        account: Account,
        kept: Kept,
        sealer: Sealer,
        (clock, random): (Arc<dyn Clock>, Arc<dyn Random>),
    ) -> Self {
        let (turn, worlds) = (Arc::default(), OnceLock::new());
        let shown = ArcSwap::from_pointee(Shown::of(account, None, &sealer));
        Self { shown, turn, kept, sealer, clock, random, worlds }
    }

    /// Lets these worlds follow the account. There is one sequence of worlds for an account.
    pub(crate) fn serve(&self, worlds: Weak<Worlds>) {
        let _ = self.worlds.set(worlds);
    }

    /// What is served by it; none where nothing is any more.
    pub(super) fn served(&self) -> Option<Arc<Worlds>> {
        self.worlds.get()?.upgrade()
    }

    /// The account as it is now.
    #[must_use]
    pub fn now(&self) -> Arc<Account> {
        Arc::clone(&self.shown.load().account)
    }

    /// An item of a config store as it is now; `None` where the store, or the item in it, does not exist.
    #[must_use]
    pub fn config(&self, store: &StoreId, key: &str) -> Option<String> {
        self.shown.load().account.config_item(store.as_str(), key).map(|item| item.value.clone())
    }

    /// A secret as it is now, opened; `None` where the store, or the secret in it, does not exist.
    #[must_use]
    pub fn secret(&self, store: &StoreId, name: &str) -> Option<Secret> {
        self.shown.load().secret(store, name)
    }

    /// A secret as it is kept: its sealed bytes, and its digest as base64 text of 32 bytes, which is another one in
    /// each store and each time that it is made.
    #[must_use]
    pub fn seal(&self, store: &StoreId, name: &str, plain: &Secret) -> (Vec<u8>, String) {
        self.sealer.seal((store.as_str(), name), plain)
    }
}

/// A new file notes its key; every other start must bring the same one.
fn note_key(file: &DiskRows, sealer: &Sealer) -> Result<(), OpenError> {
    Ok(file.write_with_key(&[], &key_check(sealer))?)
}

/// A known text under a key.
pub(super) fn key_check(sealer: &Sealer) -> Vec<u8> {
    sealer.seal(KEY_CHECK, &Secret::new(Vec::new())).0
}

/// Every secret can be opened, so that none turns out to be missing when a request needs it.
fn check_secrets(account: &Account, sealer: &Sealer) -> Result<(), OpenError> {
    for store in account.stores(StoreKind::Secret) {
        for (name, secret) in account.secrets(store.id.as_str()) {
            if sealer.open((store.id.as_str(), name), &secret.sealed).is_none() {
                let (store, name) = (store.name.clone(), name.to_owned());
                return Err(OpenError::SecretDamaged { store, name });
            }
        }
    }
    Ok(())
}
