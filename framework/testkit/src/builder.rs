//! From a manifest to a running edge.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use selvedge::store::secret::Secret;
use selvedge_account::Apply;
use selvedge_model::manifest::Manifest;
use selvedge_runtime::{
    account::{LiveAccount, Repeatable},
    background::Background,
    clock::{Clock, ManualClock},
    entrance::Entrance,
    ids::RequestIds,
    network::{Network, Roots},
    stores::{
        kv::{KvEngine, MemoryKv, View, check_seeds, seed},
        source::Sources,
    },
    upstream::Upstream,
    world::{self, Declaration, Parts, StartError},
};

use crate::{Edge, backlog::Backlog, origin::Origins, record::Record};

/// When a test's clock starts, unless it says otherwise: 2023-11-14T22:13:20Z.
const START_MS: u64 = 1_700_000_000_000;
const SHELF_BYTES: u64 = 64 * 1024 * 1024;

/// An edge that is being described.
#[must_use]
pub struct Builder {
    manifest: String,
    env: BTreeMap<String, String>,
    folder: PathBuf,
    handlers: Vec<selvedge::Service>,
    now_ms: u64,
    shelf_bytes: Option<u64>,
    kv_view: View,
    dev: bool,
    admin_token: Option<String>,
    network: Option<Roots>,
}

impl Builder {
    pub(crate) fn new(manifest: &str) -> Self {
        Self {
            manifest: manifest.to_owned(),
            env: BTreeMap::new(),
            folder: PathBuf::from("."),
            handlers: Vec::new(),
            now_ms: START_MS,
            shelf_bytes: None,
            kv_view: View::default(),
            dev: false,
            admin_token: None,
            network: None,
        }
    }

    /// Sets a variable that the manifest's `env` sources read. The test's own are not seen.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Gives the edge a handler.
    pub fn service(mut self, service: selvedge::Service) -> Self {
        self.handlers.push(service);
        self
    }

    /// The folder that the manifest's `file` sources are relative to; the current one otherwise.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The clock's first time, in milliseconds since the Unix epoch.
    pub fn starting_at_ms(mut self, now_ms: u64) -> Self {
        self.now_ms = now_ms;
        self
    }

    /// Memory for cached objects, in bytes; otherwise what the manifest says, else 64 MiB.
    pub fn shelf_bytes(mut self, bytes: u64) -> Self {
        self.shelf_bytes = Some(bytes);
        self
    }

    /// How long POPs may serve what another one has written over; otherwise not at all.
    pub fn kv_lag(mut self, lag: Duration) -> Self {
        self.kv_view.lag_ms = u64::try_from(lag.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Error pages as in the dev server, with the operator's text.
    pub fn dev(mut self) -> Self {
        self.dev = true;
        self
    }

    /// The admin token, which shows debug headers to whoever sends it; none otherwise.
    pub fn admin_token(mut self, token: &str) -> Self {
        self.admin_token = Some(token.to_owned());
        self
    }

    /// Sends to real addresses instead of scripted origins, verifying HTTPS with these roots.
    pub fn network(mut self, roots: Roots) -> Self {
        self.network = Some(roots);
        self
    }

    /// Starts the edge.
    ///
    /// # Panics
    /// Where it cannot start, with every reason.
    #[expect(clippy::panic, reason = "a test whose edge cannot start has failed")]
    #[track_caller]
    pub fn start(self) -> impl Future<Output = Edge> {
        let caller = std::panic::Location::caller();
        async move {
            match self.try_start().await {
                Ok(edge) => edge,
                Err(error) => panic!("the edge of {caller} cannot start:\n{error}"),
            }
        }
    }

    /// Starts the edge.
    ///
    /// # Errors
    /// Every reason why it cannot.
    pub async fn try_start(self) -> Result<Edge, StartError> {
        let (manifest, problems) = Manifest::parse(&self.manifest);
        let manifest = manifest.ok_or_else(|| StartError(vec![problems.render("edge.toml")]))?;
        let env = |name: &str| self.env.get(name).cloned();
        let sources = Sources { base_dir: &self.folder, env: &env };
        check_seeds(&manifest, sources).map_err(StartError)?;
        let kv: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
        let clock = Arc::new(ManualClock::at(self.now_ms));
        let account = LiveAccount::in_memory(
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(Repeatable::default()),
        );
        let record = Arc::new(Record::default());
        let backlog = Arc::new(Backlog::default());
        let entry = manifest.pops.first().cloned();
        let entry = entry.ok_or_else(|| StartError(vec!["the manifest has no POP".to_owned()]))?;
        let parts = Parts {
            handlers: self.handlers.clone(),
            kv: Arc::clone(&kv),
            kv_view: self.kv_view,
            account: Arc::clone(&account),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            background: Arc::clone(&backlog) as Arc<dyn Background>,
            tell: Arc::clone(&record) as Arc<dyn selvedge_runtime::trace::Tell>,
            ids: RequestIds::with_prefix(0),
            entry,
            admin_token: self
                .admin_token
                .as_ref()
                .map(|token| Secret::new(token.as_bytes().to_vec())),
            shelf_bytes: self.shelf_bytes.or(manifest.shelf.budget).unwrap_or(SHELF_BYTES),
            dev: self.dev,
            data_ports: Vec::new(),
        };
        let origins = Arc::new(Origins::default());
        let (text, how) = (self.manifest.as_str(), Apply::default());
        let declaration = Declaration { text, manifest: &manifest, how, sources };
        let worlds = world::start(&declaration, parts)?.worlds;
        seed(kv.as_ref(), &manifest, &account.now(), sources, self.now_ms)
            .await
            .map_err(StartError)?;
        let upstream: Arc<dyn Upstream> = match self.network {
            Some(roots) => Arc::new(Network::new(roots)),
            None => Arc::clone(&origins) as Arc<dyn Upstream>,
        };
        Ok(Edge { inner: Entrance { worlds, upstream }, clock, record, backlog, origins })
    }
}
