use selvedge::prelude::*;

#[kv_store("us ers", valeu = Text)]
struct Users {
    name: String,
}

// The refused binding is still a binding, so nothing is reported here.
#[edge_handler]
async fn storefront(users: Users) -> Result<Response> {
    users.get("1").await?;
    Ok(users.link().into_response())
}

fn main() {}
