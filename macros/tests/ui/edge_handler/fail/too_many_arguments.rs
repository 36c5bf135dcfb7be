use selvedge::prelude::*;

#[edge_handler]
async fn storefront(
    #[kv_store("link-0")] _0: KvStore,
    #[kv_store("link-1")] _1: KvStore,
    #[kv_store("link-2")] _2: KvStore,
    #[kv_store("link-3")] _3: KvStore,
    #[kv_store("link-4")] _4: KvStore,
    #[kv_store("link-5")] _5: KvStore,
    #[kv_store("link-6")] _6: KvStore,
    #[kv_store("link-7")] _7: KvStore,
    #[kv_store("link-8")] _8: KvStore,
    #[kv_store("link-9")] _9: KvStore,
    #[kv_store("link-10")] _10: KvStore,
    #[kv_store("link-11")] _11: KvStore,
    #[kv_store("link-12")] _12: KvStore,
    #[kv_store("link-13")] _13: KvStore,
    #[kv_store("link-14")] _14: KvStore,
    #[kv_store("link-15")] _15: KvStore,
    #[kv_store("link-16")] _16: KvStore,
) -> StatusCode {
    StatusCode::OK
}

fn main() {}
