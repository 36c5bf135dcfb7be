//! Which state a handler takes: what `state = ...` says, else what its signature shows.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypePath};

use super::argument::Argument;
use crate::{diag::Diag, written::bare};

/// The `App` of `State<App>` arguments, which all name the same one.
pub(super) fn of_arguments(arguments: &[Argument], diag: &mut Diag) -> Option<Type> {
    let states: Vec<&Type> =
        arguments.iter().filter_map(|argument| inside("State", &argument.ty)).collect();
    let (first, others) = states.split_first()?;
    for other in others.iter().filter(|other| text(other) != text(first)) {
        let hint = "name the whole state with `state = App`; each `State` is a part of it by \
                    `axum::extract::FromRef`";
        diag.hinted(other, format!("a second type of state beside `{}`", text(first)), hint);
    }
    Some((*first).clone())
}

/// Whether an argument is `State<App>`.
pub(super) fn is_state(ty: &Type) -> bool {
    inside("State", ty).is_some()
}

/// The `App` of `Router<App>`.
pub(super) fn of_router(output: &ReturnType) -> Option<Type> {
    match output {
        ReturnType::Type(_, ty) => inside("Router", ty).cloned(),
        ReturnType::Default => None,
    }
}

/// What stands in the angle brackets of a type of this name.
fn inside<'t>(name: &str, ty: &'t Type) -> Option<&'t Type> {
    let Type::Path(TypePath { path, .. }) = bare(ty) else { return None };
    let last = path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(inside) = &last.arguments else { return None };
    match inside.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}
