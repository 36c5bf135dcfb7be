//! An edge inside a test: the real runtime in memory, scripted origins, a clock that moves only
//! when told to, no sockets.
//!
//! ```
//! # use std::time::Duration;
//! use selvedge_testkit::{Edge, Verdict, ok};
//! # let manifest = r#"
//! # manifest_version = 1
//! # name = "doc"
//! # [pops.LHR]
//! # [services.site]
//! # type = "delivery"
//! # domains = ["site.localhost"]
//! # backends.origin = { url = "http://origin.example" }
//! # "#;
//! # let test = async {
//! let edge = Edge::from_toml(manifest).start().await;
//! edge.origin("site", "origin").on("/").reply(ok("hello").max_age(60));
//! assert!(matches!(edge.get("http://site.localhost/").await.hop("site").verdict, Verdict::Miss(_)));
//! edge.advance(Duration::from_secs(30)).await;
//! assert_eq!(edge.get("http://site.localhost/").await.hop("site").verdict, Verdict::Hit);
//! # };
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
//! ```

mod answer;
mod ask;
mod backlog;
mod builder;
mod edge;
mod origin;
pub mod process;
pub mod produced;
pub mod readme;
mod record;
mod wire;

pub use self::{
    answer::Answer,
    ask::Ask,
    builder::Builder,
    edge::Edge,
    origin::{Arrived, Fault, Gate, Origin, Path, Reply, ok, status},
};
pub use http::Method;
pub use selvedge::Refusal;
pub use selvedge_cache::{
    decision::{MissReason, NoStore, PassReason, Verdict},
    stale::StalePermission,
};
pub use selvedge_runtime::{network::Roots, serve::Lanes, trace::HopEvent, world::StartError};
