//! Which certificates a backend may show: roots, and the name that must be in them.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use hyper_rustls::FixedServerNameResolver;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use selvedge_model::manifest::Scheme;

/// The certificate authorities that backends are verified with.
#[derive(Clone)]
pub struct Roots(Source);

/// Where they come from.
#[derive(Clone)]
enum Source {
    /// They are these.
    These(Arc<RootCertStore>),
    /// The machine's, read when the first HTTPS backend needs them.
    Native(Arc<OnceLock<Arc<RootCertStore>>>),
}

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
    /// The machine's own authorities; `SSL_CERT_FILE` names others. They are read when the first HTTPS backend needs
    /// them.
    #[must_use]
    pub fn native() -> Self {
        Self(Source::Native(Arc::default()))
    }

    /// These authorities and no others.
    #[must_use]
    pub fn only(store: RootCertStore) -> Self {
        Self(Source::These(Arc::new(store)))
    }

    /// No authorities: for accounts without HTTPS backends.
    #[must_use]
    pub fn none() -> Self {
        Self::only(RootCertStore::empty())
    }

    /// Reads them, if that has not been done.
    ///
    /// # Errors
    /// Where there are none: a backend over HTTPS could never be verified.
    pub fn load(&self) -> Result<(), RootsError> {
        self.store().map(drop)
    }

    fn store(&self) -> Result<Arc<RootCertStore>, RootsError> {
        match &self.0 {
            Source::These(store) => Ok(Arc::clone(store)),
            Source::Native(read) => match read.get() {
                Some(store) => Ok(Arc::clone(store)),
                None => native().map(|store| Arc::clone(read.get_or_init(|| store))),
            },
        }
    }

    /// How connections to addresses of this scheme are verified; those without TLS need no authorities.
    pub(super) fn client_config(&self, scheme: Scheme) -> Result<ClientConfig, String> {
        let store = match scheme {
            Scheme::Http => Arc::new(RootCertStore::empty()),
            Scheme::Https => self.store().map_err(|error| error.to_string())?,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = match builder.with_safe_default_protocol_versions() {
            Ok(builder) => builder,
            Err(never) => unreachable!("ring supports the default versions: {never}"),
        };
        Ok(builder.with_root_certificates(store).with_no_client_auth())
    }
}

fn native() -> Result<Arc<RootCertStore>, RootsError> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(found.certs);
    match added {
        0 => Err(RootsError(reasons(&found.errors))),
        _ => Ok(Arc::new(store)),
    }
}

fn reasons(errors: &[rustls_native_certs::Error]) -> String {
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    match texts.is_empty() {
        true => "this machine has none".to_owned(),
        false => texts.join("; "),
    }
}

/// Whether a name can be one in a certificate.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    resolver(name).map(drop)
}

/// The name that is asked for and verified, whatever address is connected to.
pub(super) fn resolver(name: &str) -> Result<FixedServerNameResolver, String> {
    let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare)
        .map_err(|error| format!("`{name}` cannot be a name in a certificate: {error}"))?;
    Ok(FixedServerNameResolver::new(name))
}
