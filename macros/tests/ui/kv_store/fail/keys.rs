use selvedge::prelude::*;

struct UserId(u64);

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[kv_store("users", key = UserId, value = Text)]
struct Users;

#[edge_handler]
async fn storefront(users: Users) -> Result<StatusCode> {
    users.get(UserId(1)).await?;
    users.get(&UserId(1)).await?;
    users.get("1").await?;
    Ok(StatusCode::OK)
}

fn main() {}
