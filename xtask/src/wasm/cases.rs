//! What the programs are asked in Viceroy, and what they should answer.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::viceroy::Server;
use super::{EXAMPLE, Program};
use crate::cargo::read;
use crate::failure::{Failure, Outcome, While};
use crate::say;

/// Where the example's configuration says that `stock` listens.
const STOCK: &str = "127.0.0.1:7677";

/// What is added to a body: the status, and the name of a refusal.
const TOLD: &str = "[%{http_code}|%header{error-reason}]";

/// For `curl`, and what it should print; `...` stands for anything.
struct Case {
    service: &'static str,
    target: &'static str,
    more: &'static [&'static str],
    answer: &'static str,
}

const fn get(service: &'static str, target: &'static str, answer: &'static str) -> Case {
    Case { service, target, more: &[], answer }
}

const fn put(target: &'static str, text: &'static [&'static str], answer: &'static str) -> Case {
    Case { service: "site", target, more: text, answer }
}

const ONE_TIME: &str = "Edge-Auth: v2,1,1700000000,LHR,AAAAAAAAAAAAAAAAAAAAAA,\
    0x0000000000000000000000000000000000000000000000000000000000000000";

const CASES: &[Case] = &[
    get("site", "/", "hello from site, hop 1\n[200|]"),
    get("site", "/users/1", "Ada\n[200|]"),
    get("site", "/users/2", "nobody\n[404|]"),
    put("/users/2", &["-X", "PUT", "-d", "Grace"], "[201|]"),
    get("site", "/users/2", "Grace\n[200|]"),
    put("/users/2", &["-X", "PUT", "-d", "Another"], "...[412|precondition failed]"),
    // Written after the response.
    get("site", "/users/latest", "2\n[200|]"),
    get("site", "/users", "1\n2\nlatest\n[200|]"),
    put("/users/2", &["-X", "DELETE"], "[204|]"),
    get("site", "/users/2", "nobody\n[404|]"),
    // Viceroy says so of what is not there, too.
    put("/users/2", &["-X", "DELETE"], "[204|]"),
    get("site", "/users/%0A", "...[400|invalid key]"),
    // Through the other service, with a chain token.
    get("site", "/lamps", "7 lamps\n[200|]"),
    get("site", "/boats", "no boats\n[404|]"),
    get("site", "/both", "7 lamps\n12 chairs\n[200|]"),
    put("/weigh", &["-d", "0123456789"], "10 bytes\n[200|]"),
    put("/weigh", &["--data-binary", "@-"], "300000 bytes\n[200|]"),
    put(
        "/weigh",
        &["-H", "Transfer-Encoding: chunked", "--data-binary", "@-"],
        "300000 bytes\n[200|]",
    ),
    put("/noise", &["-o", "/dev/null", "-w", "%{size_download}[%{http_code}|]"], "1048576[200|]"),
    get("site", "/by/ttl", "7 lamps\n[200|]"),
    get(
        "site",
        "/by/alone",
        "...`Cache::without_collapsing` on Fastly Compute...[500|unsupported]",
    ),
    get("site", "/by/hurry", "...`Cache::lookup_timeout` on Fastly Compute...[500|unsupported]"),
    get(
        "site",
        "/by/hook",
        "...`before_send` and `after_send` on Fastly Compute...[500|unsupported]",
    ),
    put("/purge", &["-X", "POST"], "[204|]"),
    get("stock", "/lamps", "...request id: ...[403|chain token missing]"),
    Case {
        service: "stock",
        target: "/lamps",
        more: &["-H", ONE_TIME],
        answer: "...[403|chain mode refused]",
    },
    get("trouble", "/1", "Ada\n[200|]"),
    get("trouble", "/9", "nobody\n[200|]"),
    get("trouble", "/swap", "...`Delete::if_generation` on Fastly Compute...[500|unsupported]"),
    get("trouble", "/panic", "...request id: ...a fault of the code...[500|handler panicked]"),
    get("trouble", "/parse", "...request id: ...invalid digit...[500|handler failed]"),
    get(
        "trouble",
        "/card",
        "...`CoreCache` and `SimpleCache` on Fastly Compute...[500|unsupported]",
    ),
];

/// Starts every program and asks it; all answers are looked at before the first wrong one ends it.
pub(super) fn ask(root: &Path, viceroy: &Path, programs: &[Program]) -> Outcome {
    let folder = tempfile::tempdir().or_cannot(|| "make a temporary directory".into())?;
    let config = folder.path().join("fastly.toml");
    let text = fs::read_to_string(root.join("examples").join(EXAMPLE).join("fastly.toml"));
    let text = text.or_cannot(|| "read the example's `fastly.toml`".into())?;
    let mut servers: Vec<(&str, Server)> = Vec::new();
    // `stock` first: the others are told where it listens.
    let (first, others): (Vec<_>, Vec<_>) = programs.iter().partition(|it| it.handler == "stock");
    for program in first.into_iter().chain(others) {
        let stock = servers.first().map_or(STOCK, |(_, server)| &server.address);
        fs::write(&config, text.replace(STOCK, stock))
            .or_cannot(|| "write `fastly.toml`".into())?;
        servers.push((program.handler, Server::start(viceroy, &config, &program.path)?));
    }
    let heavy = folder.path().join("heavy");
    fs::write(&heavy, vec![b'x'; 300_000]).or_cannot(|| "write a request's body".into())?;
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|case| try_one(&servers, case, &heavy).transpose())
        .collect::<Outcome<_>>()?;
    say::out(format!("   {} answers, {} of them wrong", CASES.len(), wrong.len()));
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(wrong.join("\n  "))) }
}

/// What is wrong with an answer.
fn try_one(servers: &[(&str, Server)], case: &Case, heavy: &Path) -> Outcome<Option<String>> {
    let Case { service, target, more, answer } = case;
    let server = servers.iter().find(|(name, _)| name == service).map(|(_, server)| server);
    let address = server.map_or("", |server| &server.address);
    let input = fs::File::open(heavy).or_cannot(|| "read a request's body".into())?;
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--max-time", "30", "-w", TOLD]).args(*more).stdin(input);
    let given = read(curl.arg(format!("http://{address}{target}")))?;
    Ok((!fits(&given, answer)).then(|| {
        format!("`{service}` was asked for `{target}` and answered\n    {given:?}\n  instead of\n    {answer:?}")
    }))
}

/// Whether a text is a pattern's pieces in their order, from its beginning to its end.
fn fits(text: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split("...");
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some((_, behind)) = rest.split_once(piece) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns() {
        let table = [
            ("7 lamps", "7 lamps", true),
            ("7 lamps!", "7 lamps", false),
            ("7 lamps", "7...", true),
            ("7 lamps", "...lamps", true),
            ("a b c d", "a...c...", true),
            ("a b c d", "a...x...d", false),
            ("a b c d", "...b...a...", false),
            ("", "", true),
        ];
        for (text, pattern, fit) in table {
            assert_eq!(fits(text, pattern), fit, "{text:?} {pattern:?}");
        }
    }
}
