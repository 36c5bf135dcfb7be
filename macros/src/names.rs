//! Names in literals, checked by the rules that the manifest uses too.

use selvedge_model::name::{NameError, StoreKind, check_backend, check_link};
use syn::LitStr;

use crate::diag::Diag;

/// Checks the name of a link.
pub(crate) fn link(kind: StoreKind, name: &LitStr, diag: &mut Diag) {
    report(name, check_link(kind, &name.value()), diag);
}

/// Checks the name of a backend.
pub(crate) fn backend(name: &LitStr, diag: &mut Diag) {
    report(name, check_backend(&name.value()), diag);
}

fn report(name: &LitStr, checked: Result<(), NameError>, diag: &mut Diag) {
    if let Err(error) = checked {
        diag.error(name, error);
    }
}
