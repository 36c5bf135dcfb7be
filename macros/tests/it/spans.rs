//! Where the expected messages point: at the user's own tokens, as narrow as can be. Reads the
//! goldens, so that a golden that was written anew without being read is still refused.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

/// A message and the place that it is about.
struct Message {
    golden: PathBuf,
    what: String,
    file: String,
    /// The first line that is underlined, as rustc shows it.
    source: String,
    /// What is underlined: its first line, from the first caret to the last.
    underlined: String,
    /// Whether the underline goes over several lines.
    lines: Lines,
}

#[derive(PartialEq, Eq)]
enum Lines {
    One,
    Several,
}

/// The widest underline of something that is one token: the name of a link has up to 255 letters.
const WIDTH_MAX: usize = 40;

#[test]
fn every_message_points_at_the_users_own_source() {
    for message in messages() {
        let Message { golden, what, file, .. } = &message;
        let case = golden.with_extension("rs");
        assert!(case.ends_with(file), "{}: {what}: points at {file}", golden.display());
    }
}

#[test]
fn every_message_points_at_the_narrowest_token() {
    for Message { golden, what, source, underlined, lines, .. } in messages() {
        let at = format!("{}: {what}: {underlined}", golden.display());
        assert!(lines == Lines::One, "{at}: several lines");
        let one_literal = underlined.starts_with('"') && underlined.ends_with('"');
        assert!(one_literal || underlined.len() <= WIDTH_MAX, "{at}: too wide in {source}");
        let whole = underlined.starts_with("#[") && underlined.ends_with(']');
        let empty = !underlined.contains('(') || underlined.contains("()");
        assert!(!whole || empty, "{at}: the attribute has narrower tokens");
    }
}

#[test]
fn every_mistake_is_told_once() {
    let mut told = HashSet::new();
    // What a function's body does is between it and rustc, which also looks for an unknown name (E0425) wherever it is
    // mentioned, and has other advice here and there. One mistake of ours on a line may be another's twin.
    let rustcs = |what: &str| what.starts_with("error[") && !what.starts_with("error[E0425]");
    let found = messages().into_iter().filter(|one| rustcs(&one.what));
    for Message { golden, what, source, .. } in found.filter(|one| !one.source.contains(".await")) {
        let once = told.insert((golden.clone(), what.clone(), source.clone()));
        assert!(once, "{}: {what}: twice of {source}", golden.display());
    }
}

#[test]
fn the_checks_see_what_they_look_for() {
    let golden = "error: wide\n --> tests/ui/a.rs:3:1\n  |\n3 | #[kv_store(\"a\")]\n  | ^^^^^^^^^^^^^^^^\n\n\
                  error: long\n --> tests/ui/a.rs:5:1\n  |\n5 | / where\n6 | |  u8: Copy,\n  | |_____^\n";
    let found = parse(Path::new("tests/ui/a.stderr"), golden);
    let shown: Vec<&str> = found.iter().map(|message| message.underlined.as_str()).collect();
    assert_eq!(shown, ["#[kv_store(\"a\")]", ""]);
    assert!(found[0].lines == Lines::One && found[1].lines == Lines::Several);
}

fn messages() -> Vec<Message> {
    let mut found = Vec::new();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    for topic in fs::read_dir(root).unwrap() {
        let Ok(cases) = fs::read_dir(topic.unwrap().path().join("fail")) else { continue };
        for case in cases.map(|case| case.unwrap().path()) {
            if case.extension().is_some_and(|extension| extension == "stderr") {
                found.extend(parse(&case, &fs::read_to_string(&case).unwrap()));
            }
        }
    }
    assert!(found.len() > 100, "only {} messages were found", found.len());
    found
}

fn parse(golden: &Path, text: &str) -> Vec<Message> {
    let starts_one = |line: &str| line.starts_with("error") || line.starts_with("warning");
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| starts_one(lines[*at])).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).map(|(start, end)| message(golden, &lines[*start..end])).collect()
}

fn message(golden: &Path, lines: &[&str]) -> Message {
    let (place, arrow) = first(lines, |line| line.trim_start().starts_with("--> "));
    let arrow = arrow.trim_start().trim_start_matches("--> ");
    let (file, place_in_file) = arrow.split_once(':').unwrap();
    let number = place_in_file.split(':').next().unwrap();
    let shown = &lines[place..];
    let (at, source) = first(shown, |line| line.trim_start().starts_with(&format!("{number} |")));
    let (underlined, several) = match shown.get(at + 1).filter(|line| line.contains('^')) {
        Some(carets) => (under(source, carets), Lines::One),
        None => (String::new(), Lines::Several),
    };
    Message {
        golden: golden.to_owned(),
        what: lines[0].to_owned(),
        file: file.to_owned(),
        source: source.to_owned(),
        underlined,
        lines: several,
    }
}

fn first<'l>(lines: &[&'l str], wanted: impl Fn(&str) -> bool) -> (usize, &'l str) {
    let at = lines.iter().position(|line| wanted(line)).unwrap_or_else(|| panic!("{lines:?}"));
    (at, lines[at])
}

/// The part of the source above the carets.
fn under(source: &str, carets: &str) -> String {
    let start = carets.chars().take_while(|letter| *letter != '^').count();
    let width =
        carets.trim_end().rfind('^').map_or(0, |end| carets[..=end].chars().count()) - start;
    source.chars().skip(start).take(width).collect()
}
