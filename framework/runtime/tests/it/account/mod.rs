//! An account that changes while it is served, and what a node's start makes of its manifest.

mod connections;
mod lost;
mod no_room;
mod process;
mod rekey;
mod secrets;
mod swap;
mod unfit;

use std::{
    io::{Read, Write},
    sync::Arc,
};

use selvedge_account::{Account, ConfigChange, ConfigOp, Fresh, Link, Maker, Refused};
use selvedge_model::{
    id::{ServiceId, StoreId},
    name::StoreKind,
};
use selvedge_runtime::account::{ChangeError, LiveAccount};

/// A person changes something.
async fn change<T: Send>(
    live: &Arc<LiveAccount>,
    f: impl FnOnce(&mut Account, &mut dyn Fresh) -> Result<T, Refused> + Send,
) -> T {
    live.change(f).await.unwrap()
}

/// A person activates a version.
async fn activate(
    live: &Arc<LiveAccount>,
    service: &ServiceId,
    number: u32,
) -> Result<(), ChangeError> {
    let activate = |account: &mut Account, fresh: &mut dyn Fresh| {
        account.activate(service, number, Maker::Person, fresh).map(drop)
    };
    live.change(activate).await
}

fn service(live: &LiveAccount, name: &str) -> ServiceId {
    live.now().service(name).unwrap().id.clone()
}

fn store(live: &LiveAccount, kind: StoreKind, name: &str) -> StoreId {
    live.now().store_named(kind, name).unwrap().id.clone()
}

/// A clone of a service's version in which the one link leads to another store.
async fn relinked(
    live: &Arc<LiveAccount>,
    service: &ServiceId,
    number: u32,
    to: &StoreId,
) -> (u32, Link) {
    change(live, |account, fresh| {
        let clone = account.clone_version(service, number, Maker::Person, fresh)?;
        let link = &clone.links[0].id;
        let place = (service, clone.number, link);
        let link = account.update_link(place, None, Some(to.as_str()), fresh)?;
        Ok((clone.number, link))
    })
    .await
}

async fn set_config(live: &Arc<LiveAccount>, store: &StoreId, key: &str, value: &str) {
    let set = ConfigChange { key: key.to_owned(), op: ConfigOp::Upsert(value.to_owned()) };
    change(live, |account, fresh| account.change_config(store.as_str(), &[set], fresh)).await;
}

/// Calls the management API, whose address and token a node's banner has, with a form.
fn call(banner: &str, method: &str, path: &str, form: &str) -> String {
    let word = |label: &str| {
        let line = banner.lines().find(|line| line.trim_start().starts_with(label)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let admin = word("admin").replace("http://", "").replace("/account", "");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nFastly-Key: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        word("token"),
        form.len()
    );
    let mut stream = std::net::TcpStream::connect(admin).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
