//! Random purges through the management API, a few at a time: by URL, by surrogate key, soft and
//! hard, and everything.

use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use fastrand::Rng;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    task::{JoinHandle, spawn_local},
    time::{sleep, timeout},
};

use crate::{
    Outcome,
    ledger::{Ledger, Sent},
    node::{Admin, HOST, SERVICE},
    objects::{self, COUNT},
    report::Violation,
};

/// The pause between two purges.
const PAUSE: Duration = Duration::from_millis(50);

/// A purge that takes longer will never be done.
const PATIENCE: Duration = Duration::from_secs(30);

/// What one purge does. A soft one leaves an object there, stale, and what is being fetched will be so, too.
enum Purge {
    Hard(String, Vec<Sent>),
    Soft(String, Vec<Sent>),
}

/// How many purge at the same time.
const PURGERS: u64 = 4;

/// Purges until `end`.
pub(crate) fn begin(
    ledger: &Rc<Ledger>,
    admin: &Admin,
    seed: u64,
    end: Instant,
) -> Vec<JoinHandle<()>> {
    let seeds = (0..PURGERS).map(|number| !(seed ^ number));
    seeds.map(|seed| purger(Rc::clone(ledger), admin.clone(), seed, end)).collect()
}

fn purger(ledger: Rc<Ledger>, admin: Admin, seed: u64, end: Instant) -> JoinHandle<()> {
    let mut dice = Rng::with_seed(seed);
    spawn_local(async move {
        while Instant::now() < end {
            purge(&ledger, &admin, choose(&ledger, &mut dice)).await;
            sleep(PAUSE).await;
        }
    })
}

fn choose(ledger: &Ledger, dice: &mut Rng) -> Purge {
    let object = loop {
        let object = dice.usize(0..COUNT);
        if objects::is_purged_alone(object) {
            break object;
        }
    };
    let url = || format!("/purge/{HOST}{}", objects::path(object));
    let key = || format!("/service/{SERVICE}/purge/{}", objects::surrogate_key(object));
    match dice.u8(0..100) {
        0..2 => {
            let all = (0..COUNT).map(|object| ledger.purge_sent(object)).collect();
            Purge::Hard(format!("/service/{SERVICE}/purge_all"), all)
        }
        2..45 => Purge::Hard(url(), vec![ledger.purge_sent(object)]),
        45..90 => Purge::Hard(key(), vec![ledger.purge_sent(object)]),
        90..95 => Purge::Soft(url(), vec![ledger.soft_purge_sent(object)]),
        _ => Purge::Soft(key(), vec![ledger.soft_purge_sent(object)]),
    }
}

async fn purge(ledger: &Ledger, admin: &Admin, purge: Purge) {
    let (path, soft, sent) = match purge {
        Purge::Hard(path, sent) => (path, false, sent),
        Purge::Soft(path, sent) => (path, true, sent),
    };
    match timeout(PATIENCE, post(admin, &path, soft)).await {
        Ok(Ok(StatusCode::OK)) => {
            ledger.count("purge");
            sent.iter().for_each(|sent| ledger.purge_answered(sent));
        }
        Ok(Ok(status)) => ledger.blame(Violation::PurgeRefused, format!("{path}: {status}")),
        Ok(Err(error)) => ledger.blame(Violation::PurgeRefused, format!("{path}: {error}")),
        Err(_) => ledger.blame(Violation::Stuck, format!("{path}: no end after {PATIENCE:?}")),
    }
}

async fn post(admin: &Admin, path: &str, soft: bool) -> Outcome<StatusCode> {
    let stream = TcpStream::connect(admin.address).await?;
    let (mut connection, driver) = http1::handshake(TokioIo::new(stream)).await?;
    drop(spawn_local(driver));
    let mut request = Request::post(path).header(header::HOST, "admin");
    request = request.header("fastly-key", &admin.token);
    if soft {
        request = request.header("fastly-soft-purge", "1");
    }
    let response = connection.send_request(request.body(Empty::<Bytes>::new())?).await?;
    let status = response.status();
    response.into_body().collect().await?;
    Ok(status)
}
