//! An edge inside a test: the real runtime in memory, scripted origins, a clock that moves only when told to, no sockets.
//!
//! # A test
//!
//! An [`Edge`] is started from a manifest and the handlers that it names. Origins answer what the test scripts, and an
//! [`Answer`] says what came back and how it came about.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = Edge::from_toml(MANIFEST)
//!     .env("SHOP_API_TOKEN", "t")
//!     .service(storefront::service())
//!     .start()
//!     .await;
//! edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts").max_age(60));
//! assert!(matches!(
//!     edge.get("http://shop.localhost/users/1").await.hop("catalog").verdict,
//!     Verdict::Miss(_)
//! ));
//! edge.advance(Duration::from_secs(30)).await;
//! assert_eq!(edge.get("http://shop.localhost/users/1").await.hop("catalog").verdict, Verdict::Hit);
//! # }) }
//! ```
//!
//! In a test crate the function is a `#[tokio::test]`, and the manifest is `include_str!("../edge.toml")`;
//! [`Edge::from_file`] reads it where its `file` sources lie beside it. The environment is what [`Builder::env`] says, and
//! nothing else. Where an edge cannot start, the test fails with every reason.
//!
//! # Asking
//!
//! [`Edge::get`] and [`Edge::ask`] make a request that is sent when it is awaited.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = edge().await;
//! edge.origin("catalog", "origin").on("PUT /users/1").reply(status(204));
//! let ask = edge.ask("PUT http://shop.localhost/users/1").header("x-more", "1");
//! let answer = ask.from([192, 0, 2, 7]).json(r#"{"name":"Ada"}"#).await;
//! answer.assert_status(204);
//! edge.origin("catalog", "origin").on("/users/1").reply(ok("[1, 2]"));
//! let counts: Vec<u32> = edge.get("http://shop.localhost/users/1").await.json();
//! assert_eq!(counts, [1, 2]);
//! # }) }
//! ```
//!
//! Requests come in at one POP, which [`Builder::entry`] names. [`Edge::pop`] asks at another.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = edge().await;
//! edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts").max_age(60));
//! let url = "http://shop.localhost/users/1";
//! edge.get(url).await.assert_path(&["LHR/storefront pass requested", "LHR/catalog miss uri-miss"]);
//! edge.pop("IAD").get(url).await.assert_path(&["IAD/storefront pass requested", "IAD/catalog miss uri-miss"]);
//! edge.get(url).await.assert_path(&["LHR/storefront pass requested", "LHR/catalog hit"]);
//! # }) }
//! ```
//!
//! # Origins
//!
//! A backend that leads out of the process has a scripted [`Origin`]. Replies of a target follow each other, and the last
//! one stays. What an origin got is there to be looked at.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = edge().await;
//! let origin = edge.origin("catalog", "origin");
//! origin.on("/users/1").reply(fails(Fault::Refuse)).then(ok("shirts").max_age(60));
//! origin.otherwise().reply_with(|arrived| ok(format!("you asked for {}", arrived.path())));
//! let first = edge.get("http://shop.localhost/users/1").await;
//! assert_eq!(first.refusal().unwrap().0, Refusal::ConnectionRefused);
//! assert_eq!(edge.get("http://shop.localhost/users/1").await.text(), "shirts");
//! assert_eq!(edge.get("http://catalog.localhost/x").await.text(), "you asked for /x");
//! origin.assert_count(3);
//! assert_eq!(origin.last().header("host"), "catalog.localhost");
//! # }) }
//! ```
//!
//! A [`Reply`] can come [late](Reply::after), [slowly](Reply::slow), be [held](Reply::held) at a [`Gate`], or
//! [fail](Fault): before it begins, after its head, in the middle of its body.
//!
//! # Time
//!
//! [`Edge::advance`] moves the clock. It stops wherever something is due (a late reply, the end of somebody's patience, a
//! health probe) and runs the background work that earlier requests left: refreshes of what was served stale, and what
//! handlers left for after their response. [`Edge::settle`] does the latter without moving the clock. A request that has to
//! wait for the clock [begins](Ask::begin) and is awaited later; one that is awaited at once, so that nobody can move the
//! clock, fails the test after thirty seconds of the machine's own time.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = edge().await;
//! let late = ok("late").after(Duration::from_secs(3));
//! edge.origin("catalog", "origin").on("/users/1").reply(late);
//! let asked = edge.get("http://shop.localhost/users/1").begin();
//! edge.advance(Duration::from_millis(2_999)).await;
//! assert!(!asked.is_answered());
//! edge.advance(Duration::from_millis(1)).await;
//! assert_eq!(asked.await.text(), "late");
//! # }) }
//! ```
//!
//! # Stores and purges
//!
//! Stores are seeded and read by their names in the manifest, or, with the types of the code, through a binding.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = edge().await;
//! edge.origin("catalog", "origin").otherwise().reply(ok("shirts").max_age(60).surrogate_key("wear"));
//! edge.kv("people").put("2", "Grace").await;
//! edge.config("texts").set("greeting", "good day").await;
//! edge.get("http://shop.localhost/users/2").await.assert_status(200);
//! let users: Users = edge.bind("storefront");
//! assert_eq!(users.get("2").await.unwrap().as_deref(), Some("Grace"));
//!
//! assert_eq!(edge.purge("catalog").keys(&["wear"]).at("LHR"), 1);
//! edge.assert_told("purge of catalog: keys wear LHR=1 IAD=0");
//! # }) }
//! ```
//!
//! [`Edge::told`] is all that the edge told: hops, purges and the lines that handlers logged, each as a node's operator reads
//! it.
//!
//! # Calling a handler
//!
//! A handler is a function, and may be called as one: [`Edge::bind`] gives its bindings, [`Edge::extract`] what else it takes.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! # fn main() { run(async {
//! let edge = edge().await;
//! edge.origin("catalog", "origin").on("/users/1").reply(ok("shirts"));
//! let (users, catalog) = (edge.bind("storefront"), edge.bind("storefront"));
//! let request = http::Request::get("/users/1").body(Body::empty()).unwrap();
//! let response = storefront(users, catalog, Path("1".into()), request).await.unwrap();
//! assert_eq!(response.status(), 200);
//! # }) }
//! ```
//!
//! A plain `fn` that waits does so on a thread of its own: [`Edge::run_plain`] calls it there.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/shop.rs"));
//! #[edge_handler(path = "/names/{id}")]
//! fn name(users: Users, Path(id): Path<String>) -> Result<String> {
//!     Ok(selvedge::wait(users.get(&id))?.unwrap_or_default())
//! }
//!
//! # fn main() { run(async {
//! let edge = edge().await;
//! let users = edge.bind("storefront");
//! let name = edge.run_plain(|| name(users, Path("1".into()))).await;
//! assert_eq!(name.unwrap(), "Ada");
//! # }) }
//! ```
//!
//! # What fails a test by itself
//!
//! A request that reaches an origin without a reply for it, a binding that a handler uses without declaring it, and a panic of
//! work that was left for [`After`](selvedge::After) the response, fail the test by name, whatever code makes of them;
//! [`Builder::lenient`] leaves them to the test. Assertions show what there was in
//! the place of what was wanted: the status, the refusal with the operator's text, the path of the request, the body.
//!
//! # The same in every run
//!
//! On the reactor of a `#[tokio::test]`, which has one thread, two runs of a test say the same: the clock begins where it is
//! [told to](Builder::starting_at_ms), ids and choices by chance come from a [seed](Builder::seed), and nothing sleeps. No
//! socket is opened unless the test asks for one ([`Builder::network`], [`Edge::serve_admin`]). What only a process shows is
//! for [`process`].

mod answer;
mod ask;
mod backlog;
mod bind;
mod builder;
mod edge;
mod origin;
mod patience;
mod pop;
pub mod process;
pub mod produced;
mod purging;
pub mod readme;
mod record;
mod contents;
mod strict;
mod wire;

pub use self::{
    answer::Answer,
    ask::{Ask, Asked},
    builder::Builder,
    contents::{ConfigContents, KvContents, SecretContents},
    edge::Edge,
    origin::{Arrived, Fault, Gate, Origin, Reply, Target, fails, ok, status},
    pop::At,
    purging::Purging,
    record::Told,
};
pub use http::Method;
pub use selvedge::Refusal;
pub use selvedge_cache::{
    decision::{MissReason, NoStore, PassReason, Verdict},
    purge::PurgeMode,
    stale::StalePermission,
};
pub use selvedge_runtime::{
    network::Roots,
    purge::{Purged, What},
    serve::Lanes,
    trace::{HopEvent, PurgeEvent},
    world::StartError,
};
