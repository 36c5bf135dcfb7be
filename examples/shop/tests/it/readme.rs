//! Runs the commands of the README against a real shop and compares what they print.
//!
//! In an expected line `...` stands for anything. The ports of the README become those of the
//! test's own processes, and `*.localhost` is resolved by curl.

use std::process::Command;

use crate::shop::Shop;

/// A command and the lines it should print.
struct Example {
    command: String,
    expected: Vec<String>,
}

#[test]
fn the_readmes_commands_print_what_it_says() {
    let shop = Shop::start(&[]);
    let node = shop.node.address().to_string();
    let origin = shop.origin.address().to_string();
    for example in examples(include_str!("../../README.md")) {
        let port = format!("localhost:{}", shop.node.address().port());
        let command = example
            .command
            .replace("localhost:7676", &port)
            .replace("127.0.0.1:7676", &node)
            .replace("127.0.0.1:9000", &origin);
        let output =
            Command::new("sh").args(["-c", &command]).current_dir(&shop.folder).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let fits = lines.len() == example.expected.len()
            && lines.iter().zip(&example.expected).all(|(line, pattern)| fits(line, pattern));
        assert!(fits, "{command}\nprinted {lines:#?}\nexpected {:#?}", example.expected);
    }
}

fn examples(readme: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, line) => match line.strip_prefix("$ ") {
                Some(command) => {
                    examples.push(Example { command: command.to_owned(), expected: Vec::new() });
                }
                None => examples.last_mut().unwrap().expected.push(line.to_owned()),
            },
            _ => {}
        }
    }
    assert!(examples.len() > 5, "the README has lost its examples");
    examples
}

fn fits(line: &str, pattern: &str) -> bool {
    match pattern.split_once("...") {
        Some((start, end)) => line.starts_with(start) && line.ends_with(end),
        None => line == pattern,
    }
}
