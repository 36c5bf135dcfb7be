//! The services of this project.

use selvedge::prelude::*;

/// The config store linked as `config` in `edge.toml`; its contents are live.
#[config_store("config")]
pub struct Settings {
    greeting: String,
}

/// Greets whoever asks, on every path.
#[edge_handler]
pub async fn hello(settings: Settings, place: Place) -> String {
    format!("{} from {}\n", settings.greeting, place.pop)
}
