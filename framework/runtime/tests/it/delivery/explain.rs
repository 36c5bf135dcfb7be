//! `selvedge explain`: what it says of a request, as files: the command's arguments first, then what is printed.
//!
//! `UPDATE_GOLDENS=1 cargo test -p selvedge-runtime --test it delivery::explain` writes what is expected anew.

use std::{fs, path::Path, process::Command};

#[test]
fn the_command_says_what_its_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/delivery/explain");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "txt")).collect();
    cases.sort();
    assert!(cases.len() >= 8, "the cases are not where they should be");
    let mut wrong = Vec::new();
    for case in cases {
        let expected = fs::read_to_string(&case).unwrap();
        let asked = expected.lines().next().unwrap_or_default();
        let found = format!("{asked}\n{}", explained(&folder, asked));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&case, &found).unwrap();
        } else if expected != found {
            wrong.push(format!("{}\nexpected:\n{expected}\nfound:\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn explained(folder: &Path, asked: &str) -> String {
    let words = asked.strip_prefix("$ selvedge explain ").unwrap_or(asked);
    let output = Command::new(env!("CARGO_BIN_EXE_selvedge"))
        .current_dir(folder)
        .arg("explain")
        .args(split(words))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap()
}

/// Words as a shell parts them, with single quotes.
fn split(words: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (number, part) in words.split('\'').enumerate() {
        match number % 2 {
            0 => all.extend(part.split_whitespace().map(str::to_owned)),
            _ => all.push(part.to_owned()),
        }
    }
    all
}
