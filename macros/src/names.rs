//! Names in literals, checked by the rules that the manifest uses too.

use selvedge_model::name::{NameError, StoreKind, check_backend, check_link};
use syn::LitStr;

use crate::diag::Diag;

/// Whether a literal can be the name of something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// It can: whether there is such a thing is worth asking.
    Well,
    /// It cannot, which was reported.
    Badly,
}

/// Checks the name of a link.
pub(crate) fn link(kind: StoreKind, name: &LitStr, diag: &mut Diag) -> Named {
    report(name, check_link(kind, &name.value()), diag)
}

/// Checks the name of a backend.
pub(crate) fn backend(name: &LitStr, diag: &mut Diag) -> Named {
    report(name, check_backend(&name.value()), diag)
}

fn report(name: &LitStr, checked: Result<(), NameError>, diag: &mut Diag) -> Named {
    match checked {
        Ok(()) => Named::Well,
        Err(error) => {
            diag.error(name, error);
            Named::Badly
        }
    }
}
