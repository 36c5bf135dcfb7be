use super::*;
use crate::sample::headers;

fn keys(lines: &[&str]) -> Vec<String> {
    surrogate_keys(&headers(lines)).map(str::to_owned).collect()
}

#[test]
fn keys_are_parted_by_spaces_and_lines() {
    assert_eq!(keys(&["Surrogate-Key: a  b", "Surrogate-Key: c"]), ["a", "b", "c"]);
    assert!(keys(&["Surrogate-Key:"]).is_empty() && keys(&[]).is_empty());
}

#[test]
fn what_is_no_key_is_ignored_alone() {
    let long = "x".repeat(1025);
    assert_eq!(keys(&[&format!("Surrogate-Key: a {long} é b\tc d,e")]), ["a", "d,e"]);
}

#[test]
fn only_the_first_16_kib_count() {
    let (fill, last) = ("f".repeat(1023), "z".repeat(1024));
    let full = vec![fill.as_str(); 15].join(" ");
    assert_eq!(full.len(), 15 * 1024 - 1);
    let line = |last: &str| format!("Surrogate-Key: {full} {last} next");
    assert_eq!(keys(&[&line(&last)]).last(), Some(&last));
    assert_eq!(keys(&[&line(&last)]).len(), 16);
    // One byte further, the last key is not wholly inside.
    let shifted = format!("Surrogate-Key: s {full} {last}");
    assert_eq!(keys(&[&shifted]).len(), 16);
    assert_ne!(keys(&[&shifted]).last(), Some(&last));
    assert_eq!(keys(&[&line(&last), "Surrogate-Key: more"]).len(), 16);
}
