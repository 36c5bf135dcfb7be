//! A node: one thread and one reactor per core, the management API, and the end of it all.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
};

use futures_util::future::join3;
use selvedge::store::secret::Secret;
use tokio::{runtime, signal::unix, sync::watch};

use crate::{
    admin::{self, Port},
    backends::probing,
    entrance::Entrance,
    network::{Network, Roots},
    serve::{CoreJob, Cut, Listeners, Stop, Uploads, run_core},
    stores::kv::{drop_orphans, sweeping},
    world::Worlds,
};

/// Enough for the deepest chain of services in an unoptimised build.
const STACK: usize = 8 * 1024 * 1024;

/// Where a node listens.
pub struct Sockets {
    /// For requests, one socket per core.
    pub data: Listeners,
    /// For the management API.
    pub admin: TcpListener,
    /// Its address.
    pub admin_address: SocketAddr,
}

/// Everything that a node needs to run.
pub struct Node {
    /// What it serves.
    pub worlds: Arc<Worlds>,
    /// How it verifies HTTPS backends.
    pub roots: Roots,
    /// Where it listens.
    pub sockets: Sockets,
    /// The token of its management API.
    pub token: Secret,
    /// What is asked of clients that send a body.
    pub uploads: Uploads,
}

impl Node {
    /// Runs until the process is told to end (SIGINT, SIGTERM), then drains. Calls `ready` once
    /// requests are taken.
    ///
    /// # Errors
    /// Where a thread, a reactor or a listener cannot be had.
    pub fn run(self, ready: impl FnOnce()) -> io::Result<()> {
        let (stop, stopped) = watch::channel(false);
        let Sockets { data: Listeners { first, each, .. }, admin, .. } = self.sockets;
        let entrance = || Entrance {
            worlds: Arc::clone(&self.worlds),
            upstream: Arc::new(Network::new(self.roots.clone())),
            uploads: self.uploads,
        };
        let mut firsts = vec![first];
        let mut cores = Vec::new();
        for listener in each {
            let mut listeners = vec![listener];
            listeners.append(&mut firsts);
            cores.push(spawn(CoreJob { entrance: entrance(), listeners, stop: stopped.clone() })?);
        }
        let router = admin::router(Arc::clone(&self.worlds), self.token);
        let port = Port { listener: admin, router, uploads: self.uploads };
        let world = self.worlds.now();
        let sweeping = sweeping(Arc::clone(&world.kv), Arc::clone(&world.clock));
        let clearing = drop_orphans(Arc::clone(&world.kv), Arc::clone(&world.account));
        let probing = probing(Arc::clone(&self.worlds), entrance().upstream);
        let endless = async {
            let ((), (), ()) = join3(clearing, sweeping, probing).await;
        };
        let serving = until_told(stop, stopped, port, ready);
        reactor()?.block_on(beside(endless, serving))?;
        let cuts =
            cores.into_iter().map(|core| ended(core.join())).collect::<io::Result<Vec<_>>>()?;
        report(&cuts);
        Ok(())
    }
}

fn reactor() -> io::Result<runtime::Runtime> {
    runtime::Builder::new_current_thread().enable_all().build()
}

type Core = thread::JoinHandle<io::Result<Cut>>;

fn spawn(job: CoreJob) -> io::Result<Core> {
    let core = thread::Builder::new().name("core".to_owned()).stack_size(STACK);
    core.spawn(move || {
        let reactor = reactor()?;
        let cut = reactor.block_on(run_core(job));
        // A handler that is a plain `fn` and does not end cannot hold the node up.
        reactor.shutdown_background();
        cut
    })
}

/// Runs one thing for as long as another takes.
async fn beside<T>(endless: impl Future<Output = ()>, other: impl Future<Output = T>) -> T {
    let mut other = std::pin::pin!(other);
    tokio::select! {
        done = &mut other => done,
        () = endless => other.await,
    }
}

/// Serves the management API until a signal comes, then tells everybody.
async fn until_told(
    stop: watch::Sender<bool>,
    stopped: Stop,
    admin: Port,
    ready: impl FnOnce(),
) -> io::Result<()> {
    let mut interrupt = unix::signal(unix::SignalKind::interrupt())?;
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    // Whoever hears that the node is ready may tell it to end at once.
    ready();
    tokio::select! {
        served = admin::serve(admin, stopped) => served?,
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    // Nobody left to tell means that every core has ended by itself.
    let _ = stop.send(true);
    Ok(())
}

fn ended(core: thread::Result<io::Result<Cut>>) -> io::Result<Cut> {
    core.unwrap_or_else(|_| Err(io::Error::other("a core ended by a panic")))
}

fn report(cuts: &[Cut]) {
    let connections: usize = cuts.iter().map(|cut| cut.connections).sum();
    if connections > 0 {
        eprintln!("{connections} connections were cut: they did not end within the drain time");
    }
    let work = cuts.iter().map(|cut| cut.work).max().unwrap_or_default();
    if work > 0 {
        eprintln!("{work} pieces of work after responses were cut: the drain time was over");
    }
}
