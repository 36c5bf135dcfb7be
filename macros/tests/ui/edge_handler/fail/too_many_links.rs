use selvedge::prelude::*;

#[kv_store("link-0")]
struct Link0;
#[kv_store("link-1")]
struct Link1;
#[kv_store("link-2")]
struct Link2;
#[kv_store("link-3")]
struct Link3;
#[kv_store("link-4")]
struct Link4;
#[kv_store("link-5")]
struct Link5;
#[kv_store("link-6")]
struct Link6;
#[kv_store("link-7")]
struct Link7;
#[kv_store("link-8")]
struct Link8;
#[kv_store("link-9")]
struct Link9;
#[kv_store("link-10")]
struct Link10;
#[kv_store("link-11")]
struct Link11;
#[kv_store("link-12")]
struct Link12;
#[kv_store("link-13")]
struct Link13;
#[kv_store("link-14")]
struct Link14;
#[kv_store("link-15")]
struct Link15;
#[kv_store("link-16")]
struct Link16;
#[kv_store("link-17")]
struct Link17;
#[kv_store("link-18")]
struct Link18;
#[kv_store("link-19")]
struct Link19;
#[kv_store("link-20")]
struct Link20;
#[kv_store("link-21")]
struct Link21;
#[kv_store("link-22")]
struct Link22;
#[kv_store("link-23")]
struct Link23;
#[kv_store("link-24")]
struct Link24;
#[kv_store("link-25")]
struct Link25;
#[kv_store("link-26")]
struct Link26;
#[kv_store("link-27")]
struct Link27;
#[kv_store("link-28")]
struct Link28;
#[kv_store("link-29")]
struct Link29;
#[kv_store("link-30")]
struct Link30;
#[kv_store("link-31")]
struct Link31;
#[kv_store("link-32")]
struct Link32;
#[kv_store("link-33")]
struct Link33;
#[kv_store("link-34")]
struct Link34;
#[kv_store("link-35")]
struct Link35;
#[kv_store("link-36")]
struct Link36;
#[kv_store("link-37")]
struct Link37;
#[kv_store("link-38")]
struct Link38;
#[kv_store("link-39")]
struct Link39;
#[kv_store("link-40")]
struct Link40;
#[kv_store("link-41")]
struct Link41;
#[kv_store("link-42")]
struct Link42;
#[kv_store("link-43")]
struct Link43;
#[kv_store("link-44")]
struct Link44;
#[kv_store("link-45")]
struct Link45;
#[kv_store("link-46")]
struct Link46;
#[kv_store("link-47")]
struct Link47;
#[kv_store("link-48")]
struct Link48;
#[kv_store("link-49")]
struct Link49;
#[kv_store("link-50")]
struct Link50;

#[edge_handler(needs(
    Link0, Link1, Link2, Link3, Link4, Link5, Link6, Link7,
    Link8, Link9, Link10, Link11, Link12, Link13, Link14, Link15,
    Link16, Link17, Link18, Link19, Link20, Link21, Link22, Link23,
    Link24, Link25, Link26, Link27, Link28, Link29, Link30, Link31,
    Link32, Link33, Link34, Link35, Link36, Link37, Link38, Link39,
    Link40, Link41, Link42, Link43, Link44, Link45, Link46, Link47,
    Link48, Link49, Link50,
))]
async fn storefront() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(router, needs(
    Link0, Link1, Link2, Link3, Link4, Link5, Link6, Link7,
    Link8, Link9, Link10, Link11, Link12, Link13, Link14, Link15,
    Link16, Link17, Link18, Link19, Link20, Link21, Link22, Link23,
    Link24, Link25, Link26, Link27, Link28, Link29, Link30, Link31,
    Link32, Link33, Link34, Link35, Link36, Link37, Link38, Link39,
    Link40, Link41, Link42, Link43, Link44, Link45, Link46, Link47,
    Link48, Link49, Link50,
))]
fn app() -> Router {
    Router::new()
}

fn main() {}
