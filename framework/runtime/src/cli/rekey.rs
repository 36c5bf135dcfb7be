//! `rekey`: another secret key for a state directory that no node uses at the moment.

use std::{path::Path, sync::Arc};

use crate::{
    account::{self, Random, SystemRandom},
    stores::state_dir::StateDir,
};

/// Seals the secrets anew, and says where the key is.
pub(super) fn rekey(path: &Path) -> Result<(), String> {
    // To look for state makes none.
    if !path.join("account.redb").exists() {
        return Err(format!(
            "error: there is no account in `{}`\n  hint: `--state-dir DIR` names another directory",
            path.display()
        ));
    }
    let state = StateDir::open(path).map_err(error)?;
    let env = |name: &str| std::env::var(name).ok();
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let rekeyed = account::rekey(&state, &env, &random).map_err(error)?;
    println!("{rekeyed}");
    Ok(())
}

fn error(error: impl std::fmt::Display) -> String {
    format!("error: {error}")
}
