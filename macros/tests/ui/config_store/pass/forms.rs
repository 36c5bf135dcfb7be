//! Fields and look-ups.

use selvedge::prelude::*;

/// Read by name.
#[config_store("config with spaces_1")]
#[derive(Clone, Debug)]
pub struct Flags {
    /// A documented field.
    pub greeting: String,
    #[config(default = 10 * 2)]
    page_size: u32,
    #[config(default = "none")]
    r#type: String,
    #[config(default = false)]
    open: bool,
}

#[config_store("config")]
pub struct Config;

#[edge_handler]
async fn flags(flags: Flags, config: Config) -> Result<String> {
    let extra = config.get("extra")?.unwrap_or_default();
    Ok(format!("{} {} {} {} {extra}", flags.greeting, flags.page_size, flags.r#type, flags.open))
}

fn main() {
    assert_eq!(flags::service().needs().len(), 2);
}
