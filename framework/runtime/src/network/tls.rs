//! Which certificates a backend may show: roots, and the name that must be in them.

use std::{fmt, sync::Arc};

use hyper_rustls::FixedServerNameResolver;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};

/// The certificate authorities that backends are verified with.
#[derive(Clone)]
pub struct Roots(Arc<RootCertStore>);

/// Why the roots could not be had.
#[derive(Debug)]
pub struct RootsError(String);

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no certificate authorities for HTTPS backends: {}", self.0)
    }
}

impl std::error::Error for RootsError {}

impl Roots {
    /// The machine's own authorities; `SSL_CERT_FILE` names others.
    ///
    /// # Errors
    /// Where there are none: a backend over HTTPS could never be verified.
    pub fn native() -> Result<Self, RootsError> {
        let found = rustls_native_certs::load_native_certs();
        let mut store = RootCertStore::empty();
        let (added, _) = store.add_parsable_certificates(found.certs);
        match added {
            0 => Err(RootsError(reasons(&found.errors))),
            _ => Ok(Self(Arc::new(store))),
        }
    }

    /// These authorities and no others.
    #[must_use]
    pub fn only(store: RootCertStore) -> Self {
        Self(Arc::new(store))
    }

    /// No authorities: for accounts without HTTPS backends.
    #[must_use]
    pub fn none() -> Self {
        Self::only(RootCertStore::empty())
    }

    pub(super) fn client_config(&self) -> ClientConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = match builder.with_safe_default_protocol_versions() {
            Ok(builder) => builder,
            Err(never) => unreachable!("ring supports the default versions: {never}"),
        };
        builder.with_root_certificates(Arc::clone(&self.0)).with_no_client_auth()
    }
}

fn reasons(errors: &[rustls_native_certs::Error]) -> String {
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    match texts.is_empty() {
        true => "this machine has none".to_owned(),
        false => texts.join("; "),
    }
}

/// The name that is asked for and verified, whatever address is connected to.
pub(super) fn resolver(name: &str) -> Result<FixedServerNameResolver, String> {
    let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare)
        .map_err(|error| format!("`{name}` cannot be a name in a certificate: {error}"))?;
    Ok(FixedServerNameResolver::new(name))
}
