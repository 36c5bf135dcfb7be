//! A change of the account: worked out on a copy, checked as a whole, made durable, then shown.

use std::fmt;
use std::sync::Arc;

use selvedge::{Error, Refusal};
use selvedge_account::{Account, Fresh, Refused, changes};
use tokio::task::spawn_blocking;

use super::fresh::Draw;
use super::shown::Shown;
use super::{LiveAccount, WriteError};
use crate::world::{World, Worlds};

/// Why an account was not changed.
#[derive(Debug)]
pub enum ChangeError {
    /// A rule forbids it.
    Refused(Refused),
    /// It could not be made durable; the account is as it was.
    Failed(Error),
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Failed(error) => f.write_str(&error.chain()),
        }
    }
}

impl std::error::Error for ChangeError {}

impl LiveAccount {
    /// Changes the account, one caller at a time. What `f` returns is given back when the change is durable, and what
    /// is active has changed with it; on an error nothing has. A caller that stops waiting does not undo its change.
    ///
    /// # Errors
    /// What `f` is refused; [`Refused::Unfit`] where what would be active does not fit together;
    /// [`ChangeError::Failed`] where the change could not be made durable.
    pub async fn change<T: Send>(
        self: &Arc<Self>,
        f: impl FnOnce(&mut Account, &mut dyn Fresh) -> Result<T, Refused> + Send,
    ) -> Result<T, ChangeError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let old = self.now();
        let mut new = (*old).clone();
        let given = self.work_out(&mut new, f)?;
        let me = Arc::clone(self);
        // Checking, writing and syncing take longer than a reactor can wait.
        let done = spawn_blocking(move || {
            let _turn = turn;
            me.commit(&old, new)
        });
        done.await.map_err(failed)?.map(|()| given)
    }

    /// Says what a change would be answered, and changes nothing.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub async fn check<T: Send>(
        self: &Arc<Self>,
        f: impl FnOnce(&mut Account, &mut dyn Fresh) -> Result<T, Refused> + Send,
    ) -> Result<T, ChangeError> {
        let old = self.now();
        let mut new = (*old).clone();
        let given = self.work_out(&mut new, f)?;
        let me = Arc::clone(self);
        let checked = spawn_blocking(move || me.next_world(&old, &new).map(drop));
        checked.await.map_err(failed)?.map(|()| given)
    }

    fn work_out<T>(
        &self,
        account: &mut Account,
        f: impl FnOnce(&mut Account, &mut dyn Fresh) -> Result<T, Refused>,
    ) -> Result<T, ChangeError> {
        let mut fresh = Draw::new(self.clock.now_ms(), &*self.random).map_err(failed)?;
        f(account, &mut fresh).map_err(ChangeError::Refused)
    }

    fn commit(&self, old: &Account, new: Account) -> Result<(), ChangeError> {
        let next = self.next_world(old, &new)?;
        self.keep(old, new)?;
        if let Some((worlds, world)) = next {
            worlds.show(world);
        }
        Ok(())
    }

    /// Makes the new account durable, then shows it.
    pub(crate) fn keep(&self, old: &Account, new: Account) -> Result<(), ChangeError> {
        let rows = changes(old, &new);
        if !rows.is_empty() {
            self.kept.write(&rows, &new).map_err(unwritten)?;
        }
        let next = Shown::of(new, Some(&self.shown.load()), &self.sealer);
        self.shown.store(Arc::new(next));
        Ok(())
    }

    /// The world of the new account, where it differs from that of the old one.
    fn next_world(
        &self,
        old: &Account,
        new: &Account,
    ) -> Result<Option<(Arc<Worlds>, World)>, ChangeError> {
        // Whoever serves no more shows no worlds.
        let Some(worlds) = self.served() else { return Ok(None) };
        let unfit = |reasons| ChangeError::Refused(Refused::Unfit(reasons));
        let world = worlds.next(old, new).map_err(unfit)?;
        Ok(world.map(|world| (worlds, world)))
    }
}

fn unwritten(cause: WriteError) -> ChangeError {
    let refusal = match &cause {
        WriteError::Full => Refusal::StoreFull,
        WriteError::Failed(_) => Refusal::StoreFailed,
    };
    ChangeError::Failed(Error::new(refusal, "the account file").because(cause))
}

pub(super) fn failed(cause: impl std::error::Error + Send + Sync + 'static) -> ChangeError {
    ChangeError::Failed(Error::new(Refusal::StoreFailed, "the account").because(cause))
}
