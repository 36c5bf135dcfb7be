//! `serve`: from a manifest to a running node, or every reason why not.

use std::{net::SocketAddr, path::Path, sync::Arc};

use selvedge_model::{
    manifest::{Manifest, Scheme, Target},
    name::PopName,
    suggest::nearest,
};

use super::{args::ServeArgs, banner, load};
use crate::{
    background::OnReactor,
    clock::{Clock, SystemClock},
    ids::RequestIds,
    memory,
    network::Roots,
    node::{Node, Sockets},
    serve,
    stores::{
        kv::{DiskKv, KvEngine, MemoryKv, View, seed},
        secret::SecretStores,
        state_dir::StateDir,
    },
    trace::StderrTell,
    world::{self, Parts, World},
};

/// Refreshes that may go on at the same time.
const BACKGROUND: usize = 1024;

/// Runs a node until it is told to stop.
pub(super) fn serve(args: &ServeArgs, handlers: Vec<selvedge::Service>) -> Result<(), String> {
    let loaded = load::load(&args.config)?;
    let rendered = loaded.problems.render(&loaded.name);
    let Some(manifest) = loaded.manifest else { return Err(rendered) };
    eprint!("{rendered}");
    let entry = entry_pop(&manifest, args.pop.as_deref())?;
    let roots = roots(&manifest)?;
    let state = StateDir::open(&args.state_dir).map_err(error)?;
    let sockets = sockets(args)?;
    let token = state.admin_token().map_err(error)?;
    let addresses = (sockets.data.address, sockets.admin_address);
    let world = world(args, manifest, handlers, &state, &loaded.folder, (entry, addresses.0))?;
    let node = Node { world: Arc::new(world), roots, sockets, token: token.clone() };
    let banner = banner::Banner {
        world: &node.world,
        data: addresses.0,
        admin: addresses.1,
        state: state.path(),
        token: &token,
    };
    if args.dev {
        println!("{banner}");
    }
    let data = addresses.0;
    node.run(|| println!("serving on http://{data}")).map_err(error)
}

fn world(
    args: &ServeArgs,
    manifest: Manifest,
    handlers: Vec<selvedge::Service>,
    state: &StateDir,
    folder: &Path,
    (entry, data): (PopName, SocketAddr),
) -> Result<World, String> {
    let env = |name: &str| std::env::var(name).ok();
    let generate = |store: &selvedge_model::name::StoreName, key: &str, bytes: usize| {
        state.generated(store, key, bytes)
    };
    let clock = SystemClock;
    // Every source is looked at before anything is written.
    let secrets = SecretStores::load(&manifest, folder, &env, &generate);
    let seeds = block_on(seed(&MemoryKv::new(), &manifest, folder, &env, clock.now_ms()))?;
    let secrets = match (secrets, seeds) {
        (Ok(secrets), Ok(())) => secrets,
        (secrets, seeds) => {
            let wrong = [secrets.err(), seeds.err()];
            return Err(errors(wrong.into_iter().flatten().flatten().collect()));
        }
    };
    let kv: Arc<dyn KvEngine> = Arc::new(DiskKv::open(&state.kv_path()).map_err(error)?);
    block_on(seed(kv.as_ref(), &manifest, folder, &env, clock.now_ms()))?.map_err(errors)?;
    let parts = Parts {
        handlers,
        kv,
        kv_view: View::default(),
        secrets,
        clock: Arc::new(clock),
        background: Arc::new(OnReactor::at_most(BACKGROUND)),
        tell: Arc::new(StderrTell { every_hop: args.dev }),
        ids: RequestIds::random(),
        entry,
        admin_token: Some(state.admin_token().map_err(error)?),
        shelf_bytes: shelf_bytes(args, &manifest),
        dev: args.dev,
        data_ports: vec![data.port()],
    };
    world::build(manifest, parts).map_err(|start| errors(start.0))
}

/// The flag wins over the manifest, and either over what the machine suggests.
fn shelf_bytes(args: &ServeArgs, manifest: &Manifest) -> u64 {
    let flag = args.shelf_mib.map(|mib| mib.saturating_mul(1024 * 1024));
    flag.or(manifest.shelf.budget).unwrap_or_else(memory::default_shelf_bytes)
}

fn block_on<F: Future>(future: F) -> Result<F::Output, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(error)?.block_on(future))
}

fn sockets(args: &ServeArgs) -> Result<Sockets, String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let data = serve::bind_shared(args.listen, cores)
        .map_err(|cause| taken("--listen", args.listen, &cause))?;
    let admin = serve::bind(args.admin).map_err(|cause| taken("--admin", args.admin, &cause))?;
    let admin_address = admin.local_addr().map_err(error)?;
    Ok(Sockets { data, admin, admin_address })
}

fn taken(flag: &str, address: SocketAddr, cause: &std::io::Error) -> String {
    match cause.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "error: {address} is in use by another program\n  hint: `{flag} ADDRESS` chooses \
             another address"
        ),
        _ => format!("error: cannot listen on {address}: {cause}"),
    }
}

/// The POP that was asked for, else the only one.
fn entry_pop(manifest: &Manifest, asked: Option<&str>) -> Result<PopName, String> {
    let names = || manifest.pops.iter().map(PopName::as_str);
    let list = || names().collect::<Vec<_>>().join(", ");
    match (asked, manifest.pops.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(format!("error: which POP is this? `--pop` takes one of {}", list())),
        (Some(asked), pops) => {
            pops.iter().find(|pop| pop.as_str() == asked).cloned().ok_or_else(|| {
                match nearest(asked, names()) {
                    Some(near) => format!("error: no POP `{asked}`; did you mean `{near}`?"),
                    None => format!("error: no POP `{asked}`; there are {}", list()),
                }
            })
        }
    }
}

/// Authorities are needed only where a backend speaks HTTPS.
fn roots(manifest: &Manifest) -> Result<Roots, String> {
    let backends = manifest.services.values().flat_map(|service| service.backends.values());
    let mut targets = backends.map(|backend| &backend.target);
    let https = |target: &Target| matches!(target, Target::Url(url) if url.scheme == Scheme::Https);
    match targets.any(https) {
        true => Roots::native().map_err(error),
        false => Ok(Roots::none()),
    }
}

fn error(error: impl std::fmt::Display) -> String {
    format!("error: {error}")
}

fn errors(texts: Vec<String>) -> String {
    let lines: Vec<String> = texts.iter().map(error).collect();
    lines.join("\n")
}
