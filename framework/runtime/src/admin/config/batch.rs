//! Several changes of a store at once: all of them happen, or none.

use axum::{body::Body, extract::State};
use selvedge_account::{ConfigChange, ConfigOp};
use serde::Deserialize;

use crate::admin::{
    Api,
    wire::{
        At, Failed, Reply,
        body::{self, Object},
        done,
    },
};

/// As many changes as a batch takes, their values in the longest form that UTF-8 has.
const MAX: usize = 40 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    items: Vec<Object<Item>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    op: Op,
    item_key: String,
    item_value: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Create,
    Update,
    Upsert,
    Delete,
}

/// The body is JSON, whatever its type is said to be.
pub(super) async fn change(State(api): State<Api>, At(store): At<String>, body: Body) -> Reply {
    let _room = api.room(&body, MAX).await?;
    let batch: Batch = body::json(&body::read(body, MAX).await?)?;
    let changes =
        batch.items.into_iter().map(|Object(item)| item.change()).collect::<Result<Vec<_>, _>>()?;
    api.live().change(|account, fresh| account.change_config(&store, &changes, fresh)).await?;
    done()
}

impl Item {
    fn change(self) -> Result<ConfigChange, Failed> {
        let Self { op, item_key: key, item_value } = self;
        let op = match (op, item_value) {
            (Op::Create, Some(value)) => ConfigOp::Create(value),
            (Op::Update, Some(value)) => ConfigOp::Update(value),
            (Op::Upsert, Some(value)) => ConfigOp::Upsert(value),
            // Some clients send an empty value along.
            (Op::Delete, _) => ConfigOp::Delete,
            (_, None) => {
                let detail = format!("the change of `{key}` has no `item_value`");
                return Err(Failed::bad_request(detail));
            }
        };
        Ok(ConfigChange { key, op })
    }
}
