//! Fuzzing what rules compare requests with: seeds from `corpus/`, changed at random.
//!
//! A seed is a pattern, a space, and what it is compared with. `SELVEDGE_FUZZ_SECONDS` makes it go on.

use std::path::Path;

use selvedge_fuzz::fuzz;
use selvedge_model::manifest::{
    PathPattern, PathRewrite, RequestFacts, Rule, Then, When, WhenResponse, normalise_path,
};
use selvedge_model::pattern::TextPattern;
use selvedge_model::query::parameters;

fn corpus(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus").join(name)
}

/// The two halves of an input, as text.
fn halves(bytes: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(bytes);
    let (one, other) = text.split_once(' ').unwrap_or((&text, ""));
    (one.to_owned(), other.to_owned())
}

#[test]
fn path_rule() {
    fuzz(&corpus("path_rule"), |bytes| {
        let (pattern, path) = halves(bytes);
        let normal = normalise_path(&path);
        assert_eq!(normalise_path(&normal), normal);
        assert!(normal.starts_with('/') && !normal.contains("//"));
        assert!(!normal.split('/').any(|segment| segment == ".." || segment == "."));
        let Ok(compiled) = PathPattern::new(&pattern) else { return };
        // Where stars stand for nothing special, the pattern matches itself.
        if !pattern.contains('*') {
            assert!(compiled.matches(&normalise_path(&pattern)));
        }
        assert_eq!(compiled.matches(&normal), compiled.matches(&normalise_path(&normal)));
        if pattern == "/**" {
            assert!(compiled.matches(&normal));
        }
        let [usual, withholding] = [None, Some(true)].map(|pass| Rule {
            name: None,
            when: When { path: Some(compiled.clone()), ..When::default() },
            when_response: WhenResponse::default(),
            then: Then { pass, ..Then::default() },
        });
        let is_for = |rule: &Rule| rule.is_for(&facts(&path, &normal));
        assert!(!is_for(&usual) || is_for(&withholding), "it withholds less");
        // Escaped twice over, a plain path is still the same to it.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
        if path.starts_with('/') && path.bytes().all(plain) {
            let twice = path.bytes().map(|byte| match byte {
                b'/' => "/".to_owned(),
                byte => format!("%25{byte:02x}"),
            });
            let twice: String = twice.collect();
            let again = normalise_path(&twice);
            let facts = facts(&twice, &again);
            assert!(!compiled.matches(&normal) || withholding.is_for(&facts), "{twice}");
        }
    });
}

fn facts<'a>(path: &'a str, normalised_path: &'a str) -> RequestFacts<'a> {
    let (method, host, query, client) = ("GET", "a.example", None, None);
    RequestFacts { method, host, path, normalised_path, query, headers: &|_| Vec::new(), client }
}

#[test]
fn text_rule() {
    fuzz(&corpus("text_rule"), |bytes| {
        let (pattern, text) = halves(bytes);
        let Ok(compiled) = TextPattern::new(&pattern) else { return };
        let plain = like(pattern.as_bytes(), text.as_bytes());
        assert_eq!(compiled.matches(&text), plain);
    });
}

/// The same in the plainest way: a table of which beginnings match.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    let mut matched = vec![false; text.len() + 1];
    matched[0] = true;
    for star in pattern {
        let before = matched.clone();
        for end in 0..=text.len() {
            let after_one = end > 0 && before[end - 1] && text[end - 1] == *star;
            let after_any = before[..=end].iter().any(|begun| *begun);
            matched[end] = if *star == b'*' { after_any } else { after_one };
        }
    }
    matched[text.len()]
}

#[test]
fn rewrite() {
    fuzz(&corpus("rewrite"), |bytes| {
        let (change, path) = halves(bytes);
        let (strip, add) = change.split_once('>').unwrap_or((&change, ""));
        let (strip, add) = (strip.to_owned(), add.to_owned());
        let normal = normalise_path(&path);
        let Some(to) = (PathRewrite::Prefix { strip, add }).apply(&path, &normal) else { return };
        assert!(to.starts_with('/') && !to.starts_with("//"), "{to}");
    });
}

#[test]
fn query() {
    fuzz(&corpus("query"), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        for parameter in parameters(&text) {
            let _ = (parameter.name(), parameter.value());
        }
    });
}
