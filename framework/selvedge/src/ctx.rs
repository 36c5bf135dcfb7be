//! The host of this request, riding in the request's extensions, and how bindings take it.

use std::sync::Arc;

use http::request::Parts;

use crate::{
    Error, Host, Place, Refusal, Request, Result,
    model::need::{Need, NeedKind},
};

/// Something that the service version provides under a name: a linked store or a backend.
///
/// The binding macros implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a binding",
    label = "not bound to a store or a backend",
    note = "mark the struct with `#[kv_store(\"link\")]`, `#[config_store(\"link\")]`, \
            `#[secret_store(\"link\")]` or `#[backend(\"name\")]`"
)]
pub trait Binding: Sized {
    /// What the service version must provide.
    const NEED: Need;

    /// The binding, on the host of this request.
    ///
    /// # Errors
    /// For a binding with fields: [`Refusal::ItemMissing`] or [`Refusal::ItemUnparsable`].
    fn bind(ctx: &Ctx) -> Result<Self>;
}

/// A request's way to the platform.
#[derive(Clone)]
pub struct Ctx {
    host: Arc<dyn Host>,
    needs: Arc<[Need]>,
}

impl Ctx {
    /// A context on `host` for a handler that declared `needs`.
    #[must_use]
    pub fn new(host: Arc<dyn Host>, needs: Arc<[Need]>) -> Self {
        Self { host, needs }
    }

    /// Puts the context where bindings will look for it.
    pub fn attach(self, request: &mut Request) {
        request.extensions_mut().insert(self);
    }

    /// The context of a request.
    ///
    /// # Errors
    /// [`Refusal::NoEdge`] for a request that no edge is running.
    pub fn of(parts: &Parts) -> Result<&Self> {
        parts.extensions.get().ok_or_else(Self::absent)
    }

    pub(crate) fn absent() -> Error {
        Error::new(Refusal::NoEdge, "the request was not given to the handler by an edge")
    }

    /// Extracts a binding that the handler declared.
    ///
    /// # Errors
    /// [`Refusal::BindingUndeclared`] for one that it did not: start-up could not check it.
    /// Otherwise as [`Binding::bind`].
    pub fn bind<B: Binding>(&self) -> Result<B> {
        if self.needs.iter().any(|need| same(need, &B::NEED)) {
            return B::bind(self);
        }
        let detail =
            format!("`{}` is used but not declared; add its binding to `needs(...)`", B::NEED.name);
        let refused = Error::new(Refusal::BindingUndeclared, detail);
        self.host.undeclared(&refused);
        Err(refused)
    }

    /// The platform.
    #[must_use]
    pub fn host(&self) -> &Arc<dyn Host> {
        &self.host
    }

    /// Where this request is being handled.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.host.place()
    }
}

/// Two bindings to the same thing need the same, whatever else each says of it.
fn same(one: &Need, other: &Need) -> bool {
    let kinds = match (one.kind, other.kind) {
        (NeedKind::Store(one), NeedKind::Store(other)) => one == other,
        (NeedKind::Backend { .. }, NeedKind::Backend { .. }) => true,
        _ => false,
    };
    kinds && one.name == other.name
}
