//! ACLs: what is to be done with client addresses, by the longest block that they lie in (platform.md section 3.3).

use std::{fmt, net::IpAddr, sync::Arc};

use crate::{Ctx, Host, Result, model::manifest::Network};

/// The entry that an address was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclMatch {
    /// The block, the smallest of the list that the address lies in.
    pub network: Network,
    /// What the entry says of it.
    pub action: AclAction,
}

/// What an entry says of its addresses; what that means is for code to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AclAction {
    /// `ALLOW`.
    Allow,
    /// `BLOCK`.
    Block,
    /// Any other text.
    Other(Arc<str>),
}

impl AclAction {
    /// The action that a text is.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text {
            "ALLOW" => Self::Allow,
            "BLOCK" => Self::Block,
            other => Self::Other(other.into()),
        }
    }

    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Allow => "ALLOW",
            Self::Block => "BLOCK",
            Self::Other(text) => text,
        }
    }
}

/// A linked ACL: what an `#[acl("link")]` struct derefs to.
#[derive(Clone)]
pub struct Acl {
    host: Arc<dyn Host>,
    link: &'static str,
}

impl Acl {
    pub(crate) fn open(ctx: &Ctx, link: &'static str) -> Self {
        Self { host: ctx.host().clone(), link }
    }

    /// Finds an address in the list as it is now; `None` where no entry has it.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`](crate::Refusal::LinkUnknown) where the service version has no such link.
    pub fn lookup(&self, address: IpAddr) -> Result<Option<AclMatch>> {
        self.host.acl_lookup(self.link, address)
    }

    /// The name of the link.
    #[must_use]
    pub fn link(&self) -> &'static str {
        self.link
    }
}

impl fmt::Debug for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acl").field("link", &self.link).finish_non_exhaustive()
    }
}
