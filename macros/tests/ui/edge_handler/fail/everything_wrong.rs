use selvedge::prelude::*;

#[edge_handler(pth = "/x", needs(Users, Users), chain_auth(config = "no-dash"))]
pub unsafe extern "C" fn everything<T: Clone>(
    &self,
    #[kv_store("")] _a: KvStore,
    #[cfg(test)] _b: Request,
    _c: impl Send,
    Path(_d): Path<String>,
    #[kv_store("x")]
    #[acl("y")]
    _e: KvStore,
) where
    T: Send,
{
}

#[edge_handler(router, path = "/", state = App, state = Other)]
async fn app(_users: u8) {}

fn main() {}
