//! Entries of ACLs, several at once: all of them change, or none (platform.md section 3.3).

use std::sync::Arc;

use selvedge_model::limits::{ACL_ACTION_MAX, ACL_BATCH_MAX, ACL_ENTRIES};
use selvedge_model::manifest::Network;
use selvedge_model::name::StoreKind;

use crate::record::{AclEntries, AclEntry};
use crate::refused::Subject;
use crate::{Account, Refused};

/// One change of an ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclChange {
    /// The block, such as `10.0.0.0/8`, or an address alone.
    pub prefix: String,
    /// What becomes of its entry.
    pub op: AclOp,
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AclOp {
    /// It is made with this action; it must not exist.
    Create(String),
    /// It gets this action; it must exist.
    Update(String),
    /// It goes; it must exist.
    Delete,
}

impl Account {
    /// Changes an ACL. Changes of one block take effect in order.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Duplicate`]; [`Refused::Item`]; [`Refused::Limit`].
    pub fn change_acl(&mut self, acl: &str, changes: &[AclChange]) -> Result<(), Refused> {
        let acl = self.store(StoreKind::Acl, acl)?.id.clone();
        if changes.len() > ACL_BATCH_MAX {
            let (what, of) = ("changes", "a batch");
            return Err(Refused::Limit { what, of, most: ACL_BATCH_MAX });
        }
        let mut entries = self.acls.get(&acl).map(|it| (**it).clone()).unwrap_or_default();
        changes.iter().try_for_each(|change| apply(&mut entries, change))?;
        // Within a batch there may be more for a moment.
        if entries.len() > ACL_ENTRIES {
            return Err(Refused::Limit { what: "entries", of: "an ACL", most: ACL_ENTRIES });
        }
        self.acls.insert(acl, Arc::new(entries));
        Ok(())
    }
}

fn apply(entries: &mut AclEntries, change: &AclChange) -> Result<(), Refused> {
    let network = Network::parse(&change.prefix)
        .map_err(|why| Refused::Item(format!("`{}` {why}", change.prefix)))?;
    // However a block is written, it is one.
    let prefix = network.to_string();
    let exists = entries.contains_key(&prefix);
    match &change.op {
        AclOp::Create(_) if exists => {
            Err(Refused::Duplicate { subject: Subject::AclEntry, name: prefix })
        }
        AclOp::Update(_) | AclOp::Delete if !exists => {
            Err(Refused::not_found(Subject::AclEntry, prefix))
        }
        AclOp::Create(action) | AclOp::Update(action) => {
            check_action(action)?;
            let entry = AclEntry { network, action: action.clone() };
            entries.insert(prefix, Arc::new(entry));
            Ok(())
        }
        AclOp::Delete => {
            entries.remove(&prefix);
            Ok(())
        }
    }
}

fn check_action(action: &str) -> Result<(), Refused> {
    let says = || {
        let what = "an action is visible ASCII text";
        Refused::Item(format!("{what} of at most {ACL_ACTION_MAX} characters, such as `BLOCK`"))
    };
    let is_one = !action.is_empty()
        && action.len() <= ACL_ACTION_MAX
        && action.bytes().all(|byte| byte.is_ascii_graphic());
    is_one.then_some(()).ok_or_else(says)
}
