use std::ffi::OsString;

use super::{ANEW, CORES, SETTINGS, Stays, VARIABLE, check};

const ASKED: &str = "always [madvise] never\n";

/// Only these variables are set.
fn set(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
    move |name| Some(variables.iter().find(|(set, _)| *set == name)?.1.into())
}

#[test]
fn a_node_starts_anew_once_where_huge_pages_are_for_whoever_asks() {
    assert_eq!(check(set(&[]), ASKED, 1), Ok(()));
    assert_eq!(check(set(&[]), ASKED, CORES), Ok(()));
    assert_eq!(check(set(&[(VARIABLE, SETTINGS), (ANEW, "1")]), ASKED, 1), Err(Stays::Anew));
    assert_eq!(check(set(&[(ANEW, "1")]), ASKED, 1), Err(Stays::Anew), "the other was taken away");
}

#[test]
fn it_stays_as_it_was_started_where_somebody_else_has_chosen() {
    for value in ["", "glibc.malloc.check=1"] {
        assert_eq!(check(set(&[(VARIABLE, value)]), ASKED, 1), Err(Stays::Set));
    }
    for system in ["[always] madvise never\n", "always madvise [never]\n", ""] {
        assert_eq!(check(set(&[]), system, 1), Err(Stays::NoChoice), "{system}");
    }
}

#[test]
fn many_cores_do_not_share_an_arena() {
    assert_eq!(check(set(&[]), ASKED, CORES + 1), Err(Stays::ManyCores));
}
