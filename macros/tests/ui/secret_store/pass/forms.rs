//! Fields and look-ups.

use selvedge::prelude::*;

#[secret_store("secrets")]
#[derive(Clone, Debug)]
pub struct Secrets {
    api_token: Secret,
    other: selvedge::store::secret::Secret,
}

#[secret_store("secrets")]
struct Any;

#[edge_handler]
async fn secret(secrets: Secrets, any: Any) -> Result<String> {
    let found = any.get("x")?.is_some();
    Ok(format!("{} {found} {:?}", secrets.api_token.plaintext().len(), secrets.other))
}

fn main() {
    // Both are one need.
    assert_eq!(secret::service().needs().len(), 1);
}
