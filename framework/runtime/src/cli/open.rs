//! The two files of a state directory, opened as a pair: each is of no use without the other.
//!
//! Items in `kv.redb` lie under ids that only `account.redb` can give names to. So a new file beside an old one is
//! refused before anything is written, and so is one that was cut off to nothing.

use std::{fs, path::Path, sync::Arc};

use selvedge_model::{name::StoreKind, number::counted};

use super::args::Forget;
use crate::{
    account::{LiveAccount, OpenError, Random, SystemRandom},
    clock::{Clock, SystemClock},
    stores::{
        kv::{DiskKv, KvEngine, MemoryKv},
        state_dir::StateDir,
    },
};

/// The account, and where KV items lie.
type Pair = (Arc<LiveAccount>, Arc<dyn KvEngine>);

/// What a first start begins with; gone with the process.
pub(super) fn nothing() -> Pair {
    let account = LiveAccount::in_memory(Arc::new(SystemClock), Arc::new(SystemRandom));
    (account, Arc::new(MemoryKv::new()))
}

/// Opens both, or says why not and what can be done.
pub(super) fn open(
    state: &StateDir,
    env: &dyn Fn(&str) -> Option<String>,
    forget: Forget,
) -> Result<Pair, String> {
    if is_there(&state.account_path()) && !forget.secrets {
        // A start that is refused writes nothing, so the key comes first.
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        LiveAccount::check_state(state, env, &random).map_err(|it| it.to_string())?;
    }
    let kv = match is_there(&state.kv_path()) {
        true => Some(DiskKv::open(&state.kv_path()).map_err(|it| it.to_string())?),
        false => None,
    };
    if let Some(kv) = kv.as_ref().filter(|_| !is_there(&state.account_path())) {
        check_no_items(kv, state)?;
    }
    let account = account(state, env, forget).map_err(|it| it.to_string())?;
    let kv = match kv {
        Some(kv) => kv,
        None => new_kv(state, &account, forget)?,
    };
    Ok((account, Arc::new(kv)))
}

/// Both as a start would find them, or why it would not start; nothing is written. A start that would begin with stores that
/// are empty is shown the same.
pub(super) fn look(state: &StateDir, env: &dyn Fn(&str) -> Option<String>) -> Result<Pair, String> {
    let (clock, random): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let account = LiveAccount::look(state, env, clock, random).map_err(|it| it.to_string())?;
    let kv: Arc<dyn KvEngine> = match is_there(&state.kv_path()) {
        true => Arc::new(DiskKv::look(&state.kv_path()).map_err(|it| it.to_string())?),
        false => {
            check_no_stores(state, &account)?;
            Arc::new(MemoryKv::new())
        }
    };
    Ok((account, kv))
}

/// A file of no bytes is none: a first start that was cut short leaves nothing else.
fn is_there(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0 || found.is_dir())
}

fn check_no_items(kv: &DiskKv, state: &StateDir) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let first = runtime.map_err(|it| it.to_string())?.block_on(kv.next_store(None));
    match first.map_err(|it| it.chain())? {
        None => Ok(()),
        Some(_) => Err(format!(
            "KV file `{}` has items, and account file `{}`, without which nobody can read them, is missing or \
             empty\n  hint: put the account file back; or move the KV file away, to start anew",
            state.kv_path().display(),
            state.account_path().display()
        )),
    }
}

fn account(
    state: &StateDir,
    env: &dyn Fn(&str) -> Option<String>,
    forget: Forget,
) -> Result<Arc<LiveAccount>, OpenError> {
    let (clock, random): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    match forget.secrets {
        true => LiveAccount::open_without_secrets(state, env, clock, random),
        false => LiveAccount::open(state, env, clock, random),
    }
}

fn new_kv(state: &StateDir, account: &LiveAccount, forget: Forget) -> Result<DiskKv, String> {
    let path = state.kv_path();
    if !forget.kv {
        check_no_stores(state, account)?;
    }
    match fs::remove_file(&path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("KV file `{}` cannot be replaced: {cause}", path.display()));
        }
        _ => {}
    }
    DiskKv::open(&path).map_err(|it| it.to_string())
}

/// That nothing is lost by beginning without a KV file.
fn check_no_stores(state: &StateDir, account: &LiveAccount) -> Result<(), String> {
    match account.now().stores(StoreKind::Kv).count() {
        0 => Ok(()),
        stores => Err(format!(
            "KV file `{}` is missing or empty, and the account has {}\n  hint: put the KV file back; or let the \
             stores be empty with `--forget-kv`",
            state.kv_path().display(),
            counted(stores, "KV store"),
        )),
    }
}
