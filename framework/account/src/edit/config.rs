//! Items of config stores, one by one or several at once: all of them change, or none.

use std::sync::Arc;

use selvedge_model::limits::{
    CONFIG_BATCH_MAX, CONFIG_ITEMS_PER_STORE, CONFIG_KEY_MAX, CONFIG_VALUE_MAX,
};
use selvedge_model::name::StoreKind;

use crate::record::{ConfigItem, ConfigItems};
use crate::refused::Subject;
use crate::{Account, Fresh, Refused};

/// One change of a config store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigChange {
    /// The item's key.
    pub key: String,
    /// What becomes of it.
    pub op: ConfigOp,
}

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigOp {
    /// It is made; it must not exist.
    Create(String),
    /// It gets this value; it must exist.
    Update(String),
    /// It has this value, whether it existed or not.
    Upsert(String),
    /// It goes; it must exist.
    Delete,
}

impl Account {
    /// Changes a config store. Changes of one key take effect in order.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Duplicate`]; [`Refused::Item`]; [`Refused::Limit`].
    pub fn change_config(
        &mut self,
        store: &str,
        changes: &[ConfigChange],
        fresh: &mut dyn Fresh,
    ) -> Result<(), Refused> {
        let store = self.store(StoreKind::Config, store)?.id.clone();
        if changes.len() > CONFIG_BATCH_MAX {
            let (what, of) = ("changes", "a batch");
            return Err(Refused::Limit { what, of, most: CONFIG_BATCH_MAX });
        }
        let mut items = self.config.get(&store).map(|items| (**items).clone()).unwrap_or_default();
        for change in changes {
            apply(&mut items, change, fresh.now_ms())?;
        }
        // Within a batch there may be more for a moment.
        if items.len() > CONFIG_ITEMS_PER_STORE {
            let (what, of) = ("items", "a config store");
            return Err(Refused::Limit { what, of, most: CONFIG_ITEMS_PER_STORE });
        }
        self.config.insert(store, Arc::new(items));
        Ok(())
    }
}

fn apply(items: &mut ConfigItems, change: &ConfigChange, now_ms: u64) -> Result<(), Refused> {
    let key = &change.key;
    check_key(key)?;
    let exists = items.contains_key(key);
    match &change.op {
        ConfigOp::Create(_) if exists => {
            return Err(Refused::Duplicate { subject: Subject::ConfigItem, name: key.clone() });
        }
        ConfigOp::Update(_) | ConfigOp::Delete if !exists => {
            return Err(Refused::not_found(Subject::ConfigItem, key));
        }
        ConfigOp::Create(value) | ConfigOp::Update(value) | ConfigOp::Upsert(value) => {
            check_value(key, value)?;
            let created_ms = items.get(key).map_or(now_ms, |item| item.created_ms);
            let item = ConfigItem { value: value.clone(), created_ms, updated_ms: now_ms };
            items.insert(key.clone(), Arc::new(item));
        }
        ConfigOp::Delete => drop(items.remove(key)),
    }
    Ok(())
}

fn check_key(key: &str) -> Result<(), Refused> {
    match key.chars().count() {
        0 => Err(Refused::Item("a config store key must not be empty".to_owned())),
        1..=CONFIG_KEY_MAX => Ok(()),
        length => Err(Refused::Item(format!(
            "a config store key has at most {CONFIG_KEY_MAX} characters, this one has {length}"
        ))),
    }
}

fn check_value(key: &str, value: &str) -> Result<(), Refused> {
    match value.chars().count() {
        ..=CONFIG_VALUE_MAX => Ok(()),
        length => Err(Refused::Item(format!(
            "a config store value has at most {CONFIG_VALUE_MAX} characters, the one of `{key}` has {length}"
        ))),
    }
}
