//! Another secret key: every secret is sealed anew with it, in one commit, and nothing else changes.
//!
//! The order makes every moment a good one to be killed in. The new key is a file of its own first, synced; then the commit
//! that seals with it; only then do the key files change places, the old one set aside until the new one has its name. A
//! start that finds the commit done and the files not brings them to their end ([`finish`]); one that finds the new key
//! without the commit goes on with the old one.

use std::{fs, io, path::Path, sync::Arc};

use selvedge::store::secret::Secret;
use selvedge_account::{Account, Resealed, changes};
use selvedge_model::number::counted;
use zeroize::Zeroizing;

use super::{
    KEY_VARIABLE, LiveAccount, OpenError, Random, SecretKey,
    disk::{DiskRows, Found},
    live::key_check,
    seal::Sealer,
};
use crate::stores::{private, state_dir::StateDir};

/// The environment variable that holds the key that is to come.
pub const NEW_KEY_VARIABLE: &str = "SELVEDGE_NEW_SECRET_KEY";

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rekeyed {
    /// How many secrets were sealed anew.
    pub secrets: usize,
    /// Where the key is from now on.
    pub key: KeyPlace,
}

/// Where a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the file of the state directory.
    File,
    /// Where the operator has it, who has to put it into the environment.
    Environment,
}

/// Seals the secrets of a state directory with another key: the one in [`NEW_KEY_VARIABLE`], else a new one in the file.
///
/// # Errors
/// Where the account cannot be opened with the key that it has; where a file cannot be written.
pub fn rekey(
    state: &StateDir,
    env: &dyn Fn(&str) -> Option<String>,
    random: &Arc<dyn Random>,
) -> Result<Rekeyed, OpenError> {
    let old = LiveAccount::check_key(state, env, random)?;
    let (next, key) = match env(NEW_KEY_VARIABLE).map(Zeroizing::new) {
        Some(text) => (SecretKey::parse(&text), KeyPlace::Environment),
        None => (Some(next_key(state)?), KeyPlace::File),
    };
    let next = next.ok_or_else(|| OpenError::KeyMalformed(format!("`{NEW_KEY_VARIABLE}`")))?;
    let new = Sealer::new(&next, Arc::clone(random));
    let (file, Found { account, .. }) = DiskRows::open(&state.account_path())?;
    let secrets = seal_anew(&file, &account, (&old, &new))?;
    if key == KeyPlace::File {
        finish(state).map_err(OpenError::KeyUnreadable)?;
    }
    Ok(Rekeyed { secrets, key })
}

/// Seals every secret and the key check with another key, in one commit.
pub(super) fn seal_anew(
    file: &DiskRows,
    before: &Account,
    (old, new): (&Sealer, &Sealer),
) -> Result<usize, OpenError> {
    let mut after = before.clone();
    let count = after.reseal(|(store, name), secret| -> Result<_, OpenError> {
        let place = (store.as_str(), name);
        let damaged = || {
            let store = before.resource(store).map_or_else(String::new, |it| it.name.clone());
            OpenError::SecretDamaged { store, name: name.to_owned() }
        };
        let plain = old.open(place, &secret.sealed).ok_or_else(damaged)?;
        let ((sealed, digest), said) = (new.seal(place, &plain), new.said(place, &plain));
        Ok(Resealed { sealed, digest, said })
    })?;
    file.write_with_key(&changes(before, &after), &key_check(new))?;
    Ok(count)
}

/// A new key in a file of its own. What an earlier attempt left there was never used.
fn next_key(state: &StateDir) -> Result<SecretKey, OpenError> {
    let path = state.next_secret_key_path();
    remove(&path).map_err(OpenError::KeyUnreadable)?;
    let text = state.next_secret_key().map_err(OpenError::KeyUnreadable)?;
    let key = str::from_utf8(text.plaintext()).ok().and_then(SecretKey::parse);
    key.ok_or_else(|| OpenError::KeyMalformed(format!("file `{}`", path.display())))
}

/// The key that an interrupted change of keys left beside the one that does not open the account any more.
pub(super) fn left_over(state: &StateDir) -> Option<SecretKey> {
    let text = Secret::new(fs::read(state.next_secret_key_path()).ok()?);
    SecretKey::parse(str::from_utf8(text.plaintext()).ok()?)
}

/// The next key takes the place of the one before, which is set aside until that is done.
pub(super) fn finish(state: &StateDir) -> io::Result<()> {
    let (key, next) = (state.secret_key_path(), state.next_secret_key_path());
    let aside = state.path().join("secret-key-old");
    if key.exists() {
        fs::rename(&key, &aside)?;
    }
    fs::rename(&next, &key)?;
    private::sync_name(&key)?;
    remove(&aside)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

/// What the operator is told of it.
impl std::fmt::Display for Rekeyed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let where_to = match self.key {
            KeyPlace::File => format!(
                "the key is the file `secret-key` of the state directory; where `{KEY_VARIABLE}` is set, take it away"
            ),
            KeyPlace::Environment => format!(
                "give the nodes the new key as `{KEY_VARIABLE}`; a file `secret-key` is not needed any more"
            ),
        };
        let are = if self.secrets == 1 { "is" } else { "are" };
        let secrets = counted(self.secrets, "secret");
        write!(f, "{secrets} {are} sealed with another key\n{where_to}")
    }
}

#[cfg(test)]
mod tests;
