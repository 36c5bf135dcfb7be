//! Runs the timelines on the rules alone; the runtime's tests play the same files through its pipeline. Each file `<section>/<case>.txt` is a script of requests against one service and its shelf.
//!
//! A folder is named for its RFC and section; `README.md` says which sentence which case is about.
//!
//! ```text
//! # Any line that starts with a hash is a comment.
//! default_ttl 60                        the service's settings, before the first request
//! 0     GET /a      => miss uri-miss stored lifetime=60
//!     > Accept: text/html               a header of the request; `> body` gives it a body
//!     ! pass                            said by the handler or a rule
//!     < 404                             the origin's status, 200 if not said
//!     < Expires: @60                    a header of the origin's answer; `@N` is a date N seconds after the start
//!     < delay 2                         the origin takes two seconds
//!     < body hello                      the origin's body, `hello` if not said; or `body of 8193 bytes`
//!     < refused                         the origin cannot be reached
//!     < broken after 3                  the origin hangs up after three bytes of the body
//!     << 200                            begins the origin's next answer, should it be asked again
//!     ^ If-None-Match: "a"              the request to the origin has this header,
//!     ^ !Range                          not that one,
//!     ^ GET                             and this method; `^^` is about the second request
//! 12.5  GET /a      => hit age=12 ttl=47.5 status=200 body=hello
//!     = Age: 12                         the client's answer has this header,
//!     = !Connection                     not that one,
//!     = "el"                            and a body that contains this
//! ```
//!
//! On the left stand seconds since the start, which is Sun, 06 Nov 1994 08:49:37 GMT; then method and path, or
//! `http://host/path` for another host than `shop.localhost`. On the right stand words, the first of which is the
//! verdict's and all of which must be among those of the outcome:
//!
//! - `hit`, or `stale <permission>`, with `age=` and `ttl=` or `late=`; and `refresh=` with what came of the refresh in
//!   the background, which is done at once after the answer;
//! - `miss <reason>`, and then always what became of the origin's answer: `stored`, `part=0-4/10`, `renewed` (perhaps
//!   with `no-store=<reason>`), `no-store=<reason>`, or `failed` if there was none; the first three with `lifetime=`,
//!   `age=` and `source=`;
//! - `pass <reason>`, with `removed=` if it was a write that invalidates, or `failed`;
//! - `only-if-cached`;
//! - of any of them `status=` and `body=` of the client's answer, and `asked=`, how often the origin was asked. An
//!   answer in the script that the origin is not asked for is a failure.
//!
//! The settings are `profile rfc|fastly` (first, as it sets the others), `default_ttl N`, `strict`,
//! `request_directives`, `set_cookie store|pass`, `stale_if_disconnected N`, and `key` with `ignore_query`,
//! `sort_query`, `add_header NAME` or `add_cookie NAME`. A handler or a rule says `pass`, `cache-off`, `cacheable`,
//! `uncacheable`, `ttl N`, `any_status` (which the `ttl` is then for), `stale_while_revalidate N` or `stale_if_error N`. The cache
//! calls itself `edge` in `Cache-Status`.

mod drive;
mod expect;
mod forward;
mod origin;
mod readme;
mod script;
mod settings;
mod told;

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::header;

#[test]
fn every_timeline_holds() {
    let files = case_files();
    assert!(files.len() >= 300, "only {} timelines were found", files.len());
    let failures: Vec<String> = files.iter().flat_map(|file| run(file)).collect();
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

/// As many clients ask in turn as say something else, and then once more. The files are for what can be read.
#[test]
fn several_variants_may_be_many() {
    for clients in [65, 1_000] {
        let first = (0..clients).map(|client| {
            format!(
                "{client} GET /a => miss {} stored\n    > User-Agent: {client}\n    \
                 < Vary: User-Agent\n    < Cache-Control: max-age=9000\n    < body of-{client}\n",
                if client == 0 { "uri-miss" } else { "vary-miss" }
            )
        });
        let again = (0..clients).map(|client| {
            let (at, age) = (clients + client, clients);
            format!("{at} GET /a => hit age={age} body=of-{client}\n    > User-Agent: {client}\n")
        });
        let text: String = first.chain(again).collect();
        let script = script::parse(&text).expect("a script");
        let failures = drive::failures_within(1 << 24, &script);
        assert!(failures.is_empty(), "{clients} clients: {:?}", failures.first());
    }
}

#[test]
fn every_timeline_is_in_the_table() {
    let text = fs::read_to_string(root().join("README.md")).expect("the table can be read");
    let cases = case_files().iter().filter_map(|file| readme::name(file)).collect();
    let mistakes = readme::mistakes(&text, &cases);
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/timeline")
}

fn case_files() -> Vec<PathBuf> {
    let folders = list(&root()).into_iter().filter(|path| path.is_dir());
    let mut files: Vec<PathBuf> = folders.flat_map(|folder| list(&folder)).collect();
    files.sort();
    files
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of timelines can be read");
    entries.map(|entry| entry.expect("a folder entry").path()).collect()
}

/// Failures with file and line.
fn run(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a timeline can be read");
    let place = |(line, what)| format!("{}:{line}: {what}", file.display());
    match script::parse(&text) {
        Ok(script) => drive::failures(&script).into_iter().map(place).collect(),
        Err(failure) => vec![place(failure)],
    }
}
