//! What a client is told when something goes wrong: a plain function, which may block.

use selvedge::prelude::*;

/// A name by id, or what was asked for by another name than an id: trouble.
#[edge_handler(path = "/{kind}")]
pub fn trouble(
    #[kv_store("users")] users: KvStore<Text>,
    cards: SimpleCache,
    Path(kind): Path<String>,
) -> Result<String> {
    match kind.as_str() {
        "panic" => panicking(),
        "parse" => Ok(format!("{}\n", "seven".parse::<u8>()?)),
        "card" => selvedge::wait(cards.get("ada"))
            .map(|card| format!("{} bytes\n", card.map_or(0, |card| card.len()))),
        "swap" => selvedge::wait(users.delete("nobody").if_generation(1))
            .map(|found| format!("deleted: {found}\n")),
        id => Ok(selvedge::wait(users.get(id))?.unwrap_or_else(|| "nobody".to_owned()) + "\n"),
    }
}

#[expect(clippy::panic, reason = "to show what becomes of it")]
fn panicking() -> Result<String> {
    panic!("a fault of the code")
}
