//! Words in, task or refusal out.

use super::{
    Bench, Cache, Check, Crash, Dev, Flood, Fuzz, Kv, New, Side, Stress, Task, Wasm, parse,
};
use crate::words;

#[test]
fn tasks_with_their_flags() {
    let dev = Dev {
        listen: Some("127.0.0.1:0".parse().unwrap()),
        manifest: Some("a/edge.toml".into()),
        ephemeral: true,
        ..Dev::default()
    };
    let new = New { template: "hello".into(), dir: "x".into(), name: Some("my-edge".into()) };
    let check = Check { deny_warnings: true, ..Check::default() };
    let mixed = Cache { cases: vec!["mixed".into()], short: true, sleeping_clients: true };
    let stress = Stress { seconds: Some("5".into()), seed: None, shield: true };
    let kv = Kv { keys: Some("7".to_owned()), dir: Some("d".to_owned()) };
    let flood = Flood { tokens: Some("5".into()) };
    let crash = Crash { kills: Some("9".to_owned()), seed: Some("1".to_owned()) };
    let table = [
        ("", Task::Help),
        ("--help", Task::Help),
        ("dev", Task::Dev(Dev::default())),
        ("dev --help", Task::Help),
        ("dev --listen 127.0.0.1:0 --manifest=a/edge.toml --ephemeral", Task::Dev(dev)),
        ("check --deny-warnings", Task::Check(check)),
        ("test", Task::Test),
        ("ci", Task::Ci),
        ("dev --adopt --prune", Task::Dev(Dev { adopt: true, prune: true, ..Dev::default() })),
        ("bench", Task::Bench(Bench::All)),
        ("bench hit", Task::Bench(Bench::Hit)),
        ("bench cache", Task::Bench(Bench::Cache(Cache::default()))),
        ("bench cache mixed --short --sleeping-clients", Task::Bench(Bench::Cache(mixed))),
        ("bench chain", Task::Bench(Bench::Chain)),
        ("bench handler", Task::Bench(Bench::Handler)),
        ("bench tests", Task::Bench(Bench::Tests)),
        ("bench build", Task::Bench(Bench::Build)),
        ("bench kv --keys 7 --dir d", Task::Bench(Bench::Kv(kv))),
        ("stress --seconds 5 --shield", Task::Stress(stress)),
        ("crash --kills 9 --seed 1", Task::Crash(crash)),
        ("flood --tokens 5", Task::Flood(flood)),
        ("fuzz", Task::Fuzz(Fuzz::default())),
        ("fuzz --seconds 600", Task::Fuzz(Fuzz { seconds: Some(600) })),
        ("wasm", Task::Wasm(Wasm { viceroy: false })),
        ("wasm --viceroy", Task::Wasm(Wasm { viceroy: true })),
        ("new hello x --name my-edge", Task::New(new)),
    ];
    for (line, task) in table {
        assert_eq!(parse(Side::Repo, words(line)), Ok(task), "{line}");
    }
}

#[test]
fn refusals_name_the_nearest() {
    let table = [
        ("devv", "unknown task `devv`", "did you mean `dev`?"),
        ("dev --lisen 1", "unknown flag `--lisen`", "did you mean `--listen`?"),
        ("dev --exmaple shop", "unknown flag `--exmaple`", "did you mean `--example`?"),
        (
            "dev --listen 7676",
            "`--listen` needs an address and a port, not `7676`",
            "for example `127.0.0.1:7676`; port 0 picks a free one",
        ),
        ("fuzz --second 1", "unknown flag `--second`", "did you mean `--seconds`?"),
        (
            "dev --ephemeral --state-dir x",
            "`--ephemeral` and `--state-dir` contradict each other",
            "`--ephemeral` makes a temporary state directory",
        ),
        (
            "bench miss",
            "`miss` is no benchmark",
            "there are `hit`, `cache`, `chain`, `handler`, `kv`, `tests`, `build`",
        ),
        (
            "bench cache hot",
            "`hot` is no case of `bench cache`",
            "there are `hits`, `mixed`, `scale`",
        ),
        ("bench hit --short", "unknown flag `--short`", "the flags are `--help`"),
        (
            "new hello",
            "`new` takes a template and a directory",
            "for example `cargo xtask new hello ../my-edge`",
        ),
        ("test --fast", "unknown flag `--fast`", "the flags are `--help`"),
    ];
    for (line, what, hint) in table {
        let failure = parse(Side::Repo, words(line)).unwrap_err();
        assert_eq!((failure.what.as_str(), failure.hint.as_deref()), (what, Some(hint)), "{line}");
    }
}

#[test]
fn a_project_has_fewer_tasks() {
    for line in ["ci", "bench", "new hello x", "dev --example shop"] {
        assert!(parse(Side::Project, words(line)).is_err(), "{line}");
        assert!(!super::help(Side::Project).contains("--example"));
    }
    assert_eq!(parse(Side::Project, words("dev")), Ok(Task::Dev(Dev::default())));
}

#[test]
fn a_missing_value_is_named() {
    let failure = parse(Side::Repo, words("dev --manifest")).unwrap_err();
    assert!(failure.what.contains("--manifest"), "{}", failure.what);
}

#[test]
fn fuzzing_takes_a_number_of_seconds() {
    for text in ["0", "-1", "x", ""] {
        let words = ["fuzz".into(), "--seconds".into(), text.into()];
        let failure = parse(Side::Repo, words).unwrap_err();
        let expected = format!("`--seconds` needs a number of seconds, not `{text}`");
        assert_eq!(failure.what, expected);
    }
}
