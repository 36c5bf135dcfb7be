//! Broken text is refused, never a panic; a manifest is absent exactly when something refuses it.

use std::fs;

use selvedge_model::manifest::Manifest;

use super::cases;

/// What is put in at every place: it opens, closes, renames, retypes or nests something.
const PIECES: &[&str] =
    &["\"", "]", "[", "{", "}", "=", "\n", "0", ".", "é", "'", "#", "\0", " = 1\n"];

fn parse(text: &str) {
    let (manifest, problems) = Manifest::parse(text);
    assert_eq!(manifest.is_none(), problems.has_refusals(), "{text}");
}

/// The texts to break. The row of seven services repeats itself, so that it adds time and no case.
fn texts() -> Vec<String> {
    let mut files = cases("ok");
    files.retain(|file| !file.ends_with("seven-services.toml"));
    files.iter().map(|file| fs::read_to_string(file).expect("read case")).collect()
}

/// Every place of a text at which it may be cut.
fn places(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()])
}

#[test]
fn truncated_manifests() {
    for text in texts() {
        for at in places(&text) {
            parse(&text[..at]);
        }
    }
}

#[test]
fn altered_manifests() {
    for text in texts() {
        for (number, at) in places(&text).enumerate() {
            let (before, after) = text.split_at(at);
            let piece = PIECES[number % PIECES.len()];
            match number % 3 {
                0 => parse(&format!("{before}{}", after.chars().skip(1).collect::<String>())),
                1 => parse(after),
                _ => parse(&format!("{before}{piece}{after}")),
            }
        }
    }
}

#[test]
fn lost_and_doubled_lines() {
    for text in texts() {
        let lines: Vec<&str> = text.lines().collect();
        for number in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(number);
            parse(&fewer.join("\n"));
            let mut more = lines.clone();
            more.insert(number, lines[number]);
            parse(&more.join("\n"));
        }
    }
}

#[test]
fn deep_and_odd_texts() {
    let deep = format!("a = {}", "[".repeat(100_000));
    let dotted = format!("{}a = 1", "a.".repeat(10_000));
    let odd = [
        "",
        "\u{feff}",
        "\r\n\r\n",
        "[",
        "a",
        "=",
        "services = 1",
        "services = []",
        "[[services]]",
    ];
    for text in odd.into_iter().chain([deep.as_str(), dotted.as_str()]) {
        parse(text);
    }
}
