//! What a node's allocator was told, as the system knows it, and that a node is the same process however often it has
//! started itself.

use std::{fs, thread::available_parallelism};

use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, serve};

const VARIABLE: &str = "GLIBC_TUNABLES";
const SETTINGS: &str = "=glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1:";
const SYSTEM: &str = "/sys/kernel/mm/transparent_hugepage/enabled";

/// The words of a process, or its variables.
fn told(node: &Process, what: &str) -> Vec<String> {
    let text = fs::read(format!("/proc/{}/{what}", node.id())).unwrap();
    text.split(|byte| *byte == 0).map(|word| String::from_utf8(word.to_vec()).unwrap()).collect()
}

/// What follows the variable's name. Older allocators part it where the system shows it, so all else is there as well.
fn settings(node: &Process) -> Option<String> {
    let variables = told(node, "environ").join(":");
    variables.split_once(VARIABLE).map(|(_, settings)| settings.to_owned())
}

#[test]
fn a_node_asks_for_huge_pages_where_they_are_for_whoever_asks() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let mut command = serve(folder.path(), &["--shelf", "64"]);
    command.env_remove(VARIABLE);
    let node = Process::start(command).unwrap().unwrap();
    let is_for_us = fs::read_to_string(SYSTEM).is_ok_and(|system| system.contains("[madvise]"));
    let asks = is_for_us && available_parallelism().unwrap().get() <= 4;
    let settings = settings(&node);
    assert_eq!(
        settings.as_deref().is_some_and(|it| it.starts_with(SETTINGS)),
        asks,
        "{settings:?}"
    );
    assert_eq!(settings.is_some(), asks);
    let (words, name) = (told(&node, "cmdline"), told(&node, "comm").concat());
    assert_eq!(words[0], env!("CARGO_BIN_EXE_selvedge"));
    assert_eq!(words[1..4], ["serve", "--config", "edge.toml"]);
    assert_eq!(words[words.len() - 3..], ["--shelf", "64", ""]);
    assert_eq!(name, "selvedge\n");
    let answer = node.get("self.localhost", "/", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 Loop detected\r\n"), "{answer}");
}

#[test]
fn a_node_whose_allocator_was_told_otherwise_leaves_it_so() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    for value in ["", "glibc.malloc.tcache_count=7"] {
        let mut command = serve(folder.path(), &[]);
        command.env(VARIABLE, value);
        let node = Process::start(command).unwrap().unwrap();
        let settings = settings(&node).unwrap();
        assert!(settings.starts_with(&format!("={value}:")), "{settings}");
    }
}
