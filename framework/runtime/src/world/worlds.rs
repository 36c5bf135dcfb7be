//! The world of the moment. A change of the account shows the next one; a request keeps the one that it began in.

use std::sync::Arc;

use arc_swap::ArcSwap;
use selvedge_account::Account;
use selvedge_model::{
    manifest::Manifest,
    problem::{Problem, Problems, Severity},
};
use toml::Table;

use super::{Parts, StartError, World, build};

/// One world after another.
pub struct Worlds {
    shown: ArcSwap<World>,
    /// What the manifest says beside services and stores.
    base: Table,
}

impl Worlds {
    /// Begins with the world of this account, and follows the changes of the account in `parts` from then on.
    ///
    /// # Errors
    /// Where what is active does not fit together or needs handlers that are not there: every reason.
    pub fn begin(account: &Account, base: Table, parts: Parts) -> Result<Arc<Self>, StartError> {
        let manifest = active(account, &base).map_err(StartError)?;
        let world = build::first(manifest, account, parts)?;
        let live = Arc::clone(&world.account);
        let worlds = Arc::new(Self { shown: ArcSwap::from_pointee(world), base });
        live.serve(Arc::downgrade(&worlds));
        Ok(worlds)
    }

    /// The world as it is now.
    #[must_use]
    pub fn now(&self) -> Arc<World> {
        self.shown.load_full()
    }

    /// The world of a changed account, if it is another one.
    pub(crate) fn next(&self, old: &Account, new: &Account) -> Result<Option<World>, Vec<String>> {
        match self.is_same(old, new) {
            true => Ok(None),
            false => {
                let manifest = active(new, &self.base)?;
                build::next(&self.now(), manifest, new).map(Some)
            }
        }
    }

    /// Requests that begin from now on see this one.
    pub(crate) fn show(&self, world: World) {
        self.shown.store(Arc::new(world));
    }

    /// The same text can be about other services and stores, where names have changed hands.
    fn is_same(&self, old: &Account, new: &Account) -> bool {
        let text = |account: &Account| account.live_manifest(&self.base);
        old.active_ids().eq(new.active_ids()) && text(old) == text(new)
    }
}

/// What is active, checked as a whole.
fn active(account: &Account, base: &Table) -> Result<Manifest, Vec<String>> {
    let text = account.live_manifest(base);
    let (manifest, problems) = Manifest::parse_active(&text);
    manifest.ok_or_else(|| reasons(&text, problems))
}

/// Every reason; its place is a table of a text that nobody has written.
fn reasons(text: &str, problems: Problems) -> Vec<String> {
    let refusals = problems.into_vec().into_iter();
    let refusals = refusals.filter(|problem| problem.severity == Severity::Refuse);
    refusals.map(|problem| reason(text, &problem)).collect()
}

fn reason(text: &str, problem: &Problem) -> String {
    let above = text.lines().take(problem.line);
    let table = above.filter(|line| line.starts_with('[')).last().unwrap_or_default();
    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{table} {}{hint}", problem.what).trim_start().to_owned()
}
