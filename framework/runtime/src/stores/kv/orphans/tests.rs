use std::sync::Arc;

use selvedge_account::Maker;
use selvedge_model::name::StoreKind;

use super::drop_orphans;
use crate::{
    account::{LiveAccount, Repeatable},
    clock::ManualClock,
    stores::kv::{
        KvEngine, MemoryKv,
        contract::{NOW, Store, write},
    },
};

#[tokio::test]
async fn what_no_store_of_the_account_has_goes() {
    let engine: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
    let clock = Arc::new(ManualClock::at(NOW));
    let account = LiveAccount::in_memory(clock, Arc::new(Repeatable::default()));
    let make = |name| {
        account.change(move |account, fresh| {
            account.create_store(StoreKind::Kv, name, Maker::Person, fresh)
        })
    };
    let kept = [make("one").await.unwrap(), make("two").await.unwrap()];
    let gone: Vec<Store> = (0..5).map(|n| Store::new(&engine, &format!("gone-{n}"))).collect();
    for store in &gone {
        store.put("k", write("v")).await.unwrap();
    }
    for store in &kept {
        let key = crate::stores::kv::contract::kv_key("k");
        engine.put(&store.id, &key, write("v"), NOW).await.unwrap();
    }
    drop_orphans(Arc::clone(&engine), account).await;
    for store in &gone {
        assert_eq!(store.count(9).await, 0);
    }
    for store in &kept {
        assert_eq!(engine.count(&store.id, 9, NOW).await.unwrap(), 1);
    }
}
