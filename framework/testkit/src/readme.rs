//! The commands of a README, run as they stand there.
//!
//! A block of `console` has commands after `$ ` and the lines that each prints. In an expected line
//! `...` stands for anything. Names under `*.localhost` are resolved by curl.

use std::{path::Path, process::Command};

/// A command and the lines it should print.
struct Example {
    command: String,
    expected: Vec<String>,
}

/// Runs every command in `folder`, with each of `swaps` made in it, and compares what it prints.
///
/// # Panics
/// Where a command prints something else, or the README has no commands.
#[expect(clippy::panic, reason = "a README that says something else than the truth has failed")]
pub fn check(readme: &str, folder: &Path, swaps: &[(&str, &str)]) {
    let examples = examples(readme);
    assert!(!examples.is_empty(), "the README has lost its examples");
    for Example { command, expected } in examples {
        let swap = |command: String, (from, to): &(&str, &str)| command.replace(from, to);
        let command = swaps.iter().fold(command, swap);
        let mut shell = Command::new("sh");
        let printed = match shell.args(["-c", &command]).current_dir(folder).output() {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) => panic!("{command}\ncannot be run: {error}"),
        };
        let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
        let fits = lines.len() == expected.len()
            && lines.iter().zip(&expected).all(|(line, pattern)| fits(line, pattern));
        assert!(fits, "{command}\nprinted {lines:#?}\nexpected {expected:#?}");
    }
}

fn examples(readme: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, line) => take(&mut examples, line),
            (false, _) => {}
        }
    }
    examples
}

fn take(examples: &mut Vec<Example>, line: &str) {
    match (line.strip_prefix("$ "), examples.last_mut()) {
        (Some(command), _) => {
            examples.push(Example { command: command.to_owned(), expected: Vec::new() });
        }
        (None, Some(example)) => example.expected.push(line.to_owned()),
        (None, None) => {}
    }
}

fn fits(line: &str, pattern: &str) -> bool {
    match pattern.split_once("...") {
        Some((start, end)) => line.starts_with(start) && line.ends_with(end),
        None => line == pattern,
    }
}
