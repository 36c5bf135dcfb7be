//! As a struct and in front of an argument.

use selvedge::{
    prelude::*,
    store::acl::{Acl, AclAction, AclMatch},
};

#[acl("block-list")]
struct Blocked;

#[edge_handler]
async fn door(blocked: Blocked, #[acl("allowed")] allowed: Acl, place: Place) -> Result<StatusCode> {
    let Some(client) = place.client else { return Ok(StatusCode::OK) };
    let blocked: Option<AclMatch> = blocked.lookup(client)?;
    Ok(match (blocked.map(|found| found.action), allowed.lookup(client)?) {
        (Some(AclAction::Block), None) => StatusCode::FORBIDDEN,
        _ => StatusCode::OK,
    })
}

fn main() {
    assert_eq!(door::service().needs().len(), 2);
}
