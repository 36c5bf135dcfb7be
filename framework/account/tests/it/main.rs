//! An account from outside: its limits and rules, its rows, and manifests applied to it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod acls;
mod apply;
mod contents;
mod limits;
mod rows;
mod rules;

use selvedge_account::{Account, Fresh, Maker, Service, ServiceType};
use selvedge_model::name::StoreKind;

/// Times and ids in order.
#[derive(Debug, Default)]
struct Counted(u64);

impl Fresh for Counted {
    fn now_ms(&self) -> u64 {
        1_700_000_000_000 + self.0
    }

    fn bits(&mut self) -> u128 {
        self.0 += 1;
        u128::from(self.0)
    }
}

/// A store's id.
fn store(account: &mut Account, kind: StoreKind, name: &str, fresh: &mut Counted) -> String {
    account.create_store(kind, name, Maker::Person, fresh).unwrap().id.as_str().to_owned()
}

/// A service with an empty first version.
fn service(account: &mut Account, name: &str, fresh: &mut Counted) -> Service {
    let service = account.create_service(name, ServiceType::Delivery, "", fresh).unwrap();
    account.create_version(&service.id, fresh).unwrap();
    (*service).clone()
}
