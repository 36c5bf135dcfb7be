//! `serve`: from a manifest to a running node, or every reason why not.

use std::{net::SocketAddr, sync::Arc};

use selvedge_model::{
    id::StoreId,
    manifest::{Manifest, Scheme, Target},
    name::PopName,
    suggest::nearest,
};

use super::{args::ServeArgs, banner, load, open};
use crate::{
    background::OnReactor,
    clock::{Clock, SystemClock},
    ids::RequestIds,
    memory,
    network::Roots,
    node::{Node, Sockets},
    serve,
    stores::{
        kv::{KvEngine, View, check_seeds, drop_items, seed},
        source::Sources,
        state_dir::StateDir,
    },
    trace::StderrTell,
    world::{self, Declaration, Parts, Planned, Started, Worlds},
};

/// Refreshes that may go on at the same time.
const BACKGROUND: usize = 1024;

/// Runs a node until it is told to stop.
pub(super) fn serve(args: &ServeArgs, handlers: Vec<selvedge::Service>) -> Result<(), String> {
    let loaded = load::load_served(&args.config, (args.listen, args.admin))?;
    let rendered = loaded.problems.render(&loaded.name);
    let Some(manifest) = loaded.manifest else { return Err(rendered) };
    eprint!("{rendered}");
    let entry = entry_pop(&manifest, args.pop.as_deref())?;
    let roots = roots(&manifest)?;
    let env = |name: &str| std::env::var(name).ok();
    let start = |state, data| Start {
        args,
        text: &loaded.text,
        manifest: &manifest,
        sources: Sources { base_dir: &loaded.folder, env: &env },
        state,
        entry: entry.clone(),
        data,
    };
    if args.plan {
        let state = known_state(args)?;
        plan(&start(state.as_ref(), args.listen), handlers)?;
        println!("nothing was changed");
        return Ok(());
    }
    let state = StateDir::open(&args.state_dir).map_err(error)?;
    state.readable_by_others().iter().for_each(|what| eprintln!("warning: {what}"));
    let sockets = sockets(args)?;
    let token = state.admin_token().map_err(error)?;
    let addresses = (sockets.data.address, sockets.admin_address);
    let start = start(Some(&state), addresses.0);
    let worlds = begin(&start, plan(&start, handlers)?)?;
    let node = Node { worlds, roots, sockets, token: token.clone(), uploads: args.uploads };
    let banner = banner::Banner {
        world: &node.worlds.now(),
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

/// What a node starts from.
struct Start<'a> {
    args: &'a ServeArgs,
    text: &'a str,
    manifest: &'a Manifest,
    sources: Sources<'a>,
    /// None where a first start is only planned.
    state: Option<&'a StateDir>,
    entry: PopName,
    data: SocketAddr,
}

/// The state that there is, as it is. To plan a first start makes none.
fn known_state(args: &ServeArgs) -> Result<Option<StateDir>, String> {
    match args.state_dir.join("account.redb").exists() {
        true => StateDir::look(&args.state_dir).map(Some).map_err(error),
        false => Ok(None),
    }
}

/// What the manifest changes, shown. Every source is looked at, and nothing is written.
fn plan(start: &Start<'_>, handlers: Vec<selvedge::Service>) -> Result<Planned, String> {
    let Start { args, text, manifest, sources, .. } = *start;
    check_seeds(manifest, sources).map_err(errors)?;
    let parts = parts(start, handlers)?;
    let declaration = Declaration { text, manifest, how: args.apply, sources };
    let planned = world::plan(&declaration, parts).map_err(|it| errors(it.0))?;
    planned.steps.iter().for_each(|step| eprintln!("{step}"));
    Ok(planned)
}

/// The manifest applied, and what is served from then on.
fn begin(start: &Start<'_>, planned: Planned) -> Result<Arc<Worlds>, String> {
    let Start { manifest, sources, .. } = *start;
    let Started { worlds, dropped, .. } = planned.commit().map_err(|it| errors(it.0))?;
    let world = worlds.now();
    let (kv, account) = (&world.kv, &world.account);
    block_on(drop_stores(&**kv, &dropped))?.map_err(|it| error(it.chain()))?;
    let now_ms = SystemClock.now_ms();
    block_on(seed(&**kv, manifest, &account.now(), sources, now_ms))?.map_err(errors)?;
    Ok(worlds)
}

/// Removes the items of stores that are gone.
async fn drop_stores(kv: &dyn KvEngine, stores: &[StoreId]) -> selvedge::Result<()> {
    for store in stores {
        drop_items(kv, store).await?;
    }
    Ok(())
}

fn parts(start: &Start<'_>, handlers: Vec<selvedge::Service>) -> Result<Parts, String> {
    let Start { args, manifest, state, .. } = *start;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let env = start.sources.env;
    let (account, kv) = match state {
        Some(state) if args.plan => open::look(state, env).map_err(error)?,
        Some(state) => open::open(state, env, args.forget).map_err(error)?,
        None => open::nothing(),
    };
    // A plan serves nobody, and makes no token.
    let state = state.filter(|_| !args.plan);
    let admin_token = state.map(StateDir::admin_token).transpose().map_err(error)?;
    Ok(Parts {
        handlers,
        kv,
        kv_view: View::default(),
        account,
        clock,
        background: Arc::new(OnReactor::at_most(BACKGROUND)),
        tell: Arc::new(StderrTell { every_hop: args.dev }),
        ids: RequestIds::random(),
        entry: start.entry.clone(),
        admin_token,
        shelf_bytes: shelf_bytes(args, manifest),
        dev: args.dev,
        data_ports: vec![start.data.port()],
    })
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
        (None, _) => {
            let meant = manifest.dev.pop.as_ref().map_or("NAME", PopName::as_str);
            let hint = format!("write `--pop {meant}`; there are {}", list());
            Err(format!("error: which POP is this?\n  hint: {hint}"))
        }
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

/// Authorities are needed only where a backend speaks HTTPS; a node that could never verify it does not start.
fn roots(manifest: &Manifest) -> Result<Roots, String> {
    let backends = manifest.services.values().flat_map(|service| service.backends.values());
    let mut targets = backends.map(|backend| &backend.target);
    let https = |target: &Target| matches!(target, Target::Url(url) if url.scheme == Scheme::Https);
    let roots = Roots::native();
    if targets.any(https) {
        roots.load().map_err(error)?;
    }
    Ok(roots)
}

fn error(error: impl std::fmt::Display) -> String {
    format!("error: {error}")
}

fn errors(texts: Vec<String>) -> String {
    let lines: Vec<String> = texts.iter().map(error).collect();
    lines.join("\n")
}
