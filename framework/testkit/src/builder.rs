//! From a manifest to a running edge.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use selvedge::store::secret::Secret;
use selvedge_account::Apply;
use selvedge_model::{manifest::Manifest, name::PopName};
use selvedge_runtime::{
    account::{LiveAccount, Repeatable},
    background::Background,
    clock::{Clock, ManualClock},
    entrance::Entrance,
    ids::RequestIds,
    network::{Network, Roots},
    serve::Uploads,
    stores::{
        kv::{KvEngine, MemoryKv, View, check_seeds, seed},
        source::Sources,
    },
    upstream::Upstream,
    world::{self, Declaration, Parts, StartError},
};

use crate::{
    Edge,
    backlog::Backlog,
    edge::Inner,
    origin::{Origins, Stage},
    record::Record,
    strict::{Minds, Strict},
};

/// When a test's clock starts, unless it says otherwise: 2023-11-14T22:13:20Z.
const START_MS: u64 = 1_700_000_000_000;
const SHELF_BYTES: u64 = 64 * 1024 * 1024;

/// An edge that is being described.
#[must_use]
pub struct Builder {
    /// The manifest's text, or why there is none.
    manifest: Result<String, String>,
    env: BTreeMap<String, String>,
    folder: PathBuf,
    handlers: Vec<selvedge::Service>,
    now_ms: u64,
    shelf_bytes: Option<u64>,
    kv_view: View,
    dev: bool,
    admin_token: Option<String>,
    network: Option<Roots>,
    seed: u32,
    minds: Minds,
    entry: Option<String>,
}

impl Builder {
    pub(crate) fn of_text(manifest: &str) -> Self {
        Self::new(Ok(manifest.to_owned()), PathBuf::from("."))
    }

    pub(crate) fn of_file(path: &Path) -> Self {
        let folder = path.parent().unwrap_or(Path::new("."));
        let text = std::fs::read_to_string(path);
        Self::new(text.map_err(|error| format!("`{}`: {error}", path.display())), folder.into())
    }

    fn new(manifest: Result<String, String>, folder: PathBuf) -> Self {
        Self {
            manifest,
            env: BTreeMap::new(),
            folder,
            handlers: Vec::new(),
            now_ms: START_MS,
            shelf_bytes: None,
            kv_view: View::default(),
            dev: false,
            admin_token: None,
            network: None,
            seed: 0,
            minds: Minds::Yes,
            entry: None,
        }
    }

    /// Sets a variable that the manifest's `env` sources read. The test's own are not seen.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Gives the edge a handler; several are given one after another.
    pub fn service(mut self, service: selvedge::Service) -> Self {
        self.handlers.push(service);
        self
    }

    /// The folder that the manifest's `file` sources are relative to; the current one otherwise.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The POP where requests enter; otherwise the one whose name comes first.
    pub fn entry(mut self, pop: &str) -> Self {
        self.entry = Some(pop.to_owned());
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

    /// What random bits, request ids and choices by chance come from. With the same seed an edge gives the same answers;
    /// 0 otherwise.
    pub fn seed(mut self, seed: u32) -> Self {
        self.seed = seed;
        self
    }

    /// Leaves it to the test to look for requests that an origin has no reply for, which are answered 404, for
    /// bindings that a handler uses without declaring them, which are a 500, and for panics of work after a response, which
    /// are a line of the service's log.
    pub fn lenient(mut self) -> Self {
        self.minds = Minds::No;
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
        let text = self.manifest.as_deref().map_err(|error| StartError(vec![error.clone()]))?;
        let (manifest, problems) = Manifest::parse(text);
        let manifest = manifest.ok_or_else(|| StartError(vec![problems.render("edge.toml")]))?;
        let env = |name: &str| self.env.get(name).cloned();
        let sources = Sources { base_dir: &self.folder, env: &env };
        check_seeds(&manifest, sources).map_err(StartError)?;
        let kv: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
        let clock = Arc::new(ManualClock::at(self.now_ms));
        let account = LiveAccount::in_memory(
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(Repeatable::of(self.seed)),
        );
        let strict = Arc::new(Strict::new(self.minds));
        let record = Arc::new(Record::new(&strict));
        let backlog = Arc::new(Backlog::default());
        let entry = self.entry_of(&manifest)?;
        let parts = Parts {
            handlers: self.handlers.clone(),
            kv: Arc::clone(&kv),
            kv_view: self.kv_view,
            account: Arc::clone(&account),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            background: Arc::clone(&backlog) as Arc<dyn Background>,
            tell: Arc::clone(&record) as Arc<dyn selvedge_runtime::trace::Tell>,
            ids: RequestIds::with_prefix(self.seed),
            entry,
            admin_token: self
                .admin_token
                .as_ref()
                .map(|token| Secret::new(token.as_bytes().to_vec())),
            shelf_bytes: self.shelf_bytes.or(manifest.shelf.budget).unwrap_or(SHELF_BYTES),
            dev: self.dev,
            data_ports: Vec::new(),
        };
        let stage = Stage::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let origins = Arc::new(Origins::new(stage.clone(), &strict));
        let declaration = Declaration { text, manifest: &manifest, how: Apply::default(), sources };
        let worlds = world::start(&declaration, parts)?.worlds;
        seed(kv.as_ref(), &manifest, &account.now(), sources, self.now_ms)
            .await
            .map_err(StartError)?;
        let upstream: Arc<dyn Upstream> = match self.network {
            Some(roots) => Arc::new(Network::new(roots)),
            None => Arc::clone(&origins) as Arc<dyn Upstream>,
        };
        let entrance = Entrance { worlds, upstream, uploads: Uploads::default() };
        let inner = Inner { entrance, clock, record, backlog, origins, stage, strict };
        Ok(Edge { inner: Arc::new(inner) })
    }

    fn entry_of(&self, manifest: &Manifest) -> Result<PopName, StartError> {
        let mut pops = manifest.pops.iter();
        let (found, name) = match &self.entry {
            Some(name) => (pops.find(|pop| pop.as_str() == name), name.as_str()),
            None => (pops.next(), ""),
        };
        found.cloned().ok_or_else(|| StartError(vec![format!("the manifest has no POP {name}")]))
    }
}
