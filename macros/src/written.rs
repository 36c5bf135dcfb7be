//! Types as somebody wrote them: a `macro_rules!` hands them on in a group that has a place of its own.

use proc_macro2::Span;
use syn::{Type, spanned::Spanned};

/// The type without the groups around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        ty => ty,
    }
}

/// Where the type was written: in the call of the macro, not in its rules.
pub(crate) fn place(ty: &Type) -> Span {
    bare(ty).span()
}
