//! Every form of value, and attributes that stay.

use selvedge::{prelude::*, store::kv::Codec};

#[kv_store("users-v2.main", value = Json<std::collections::BTreeMap<String, Vec<u8>>>)]
#[derive(Clone, Debug)]
pub struct Users;

#[kv_store("blobs")]
struct Blobs;

#[kv_store("bytes", value = Bytes,)]
struct ByBytes;

/// A codec of one's own.
enum Decimal {}

impl Codec for Decimal {
    type Value = u64;

    fn encode(value: &u64) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>> {
        Ok(value.to_string().into())
    }

    fn decode(stored: Bytes) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(std::str::from_utf8(&stored)?.parse()?)
    }
}

#[kv_store("counts", value = Decimal)]
pub(crate) struct Counts {}

#[edge_handler]
async fn counts(users: Users, counts: Counts, blobs: Blobs, bytes: ByBytes) -> Result<String> {
    let _ = users.clone().get("1").await?;
    let count = counts.get("n").await?.unwrap_or_default() + 1;
    counts.put("n", &count).add().await?;
    blobs.put("raw", &Bytes::new()).await?;
    bytes.delete("raw").await?;
    Ok(count.to_string())
}

fn main() {
    assert_eq!(counts::service().needs().len(), 4);
}
