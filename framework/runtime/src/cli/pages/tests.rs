use super::{CORES, SETTINGS, Stays, check};

const ASKED: &str = "always [madvise] never\n";

#[test]
fn a_node_starts_anew_once_where_huge_pages_are_for_whoever_asks() {
    assert_eq!(check(None, ASKED, 1), Ok(()));
    assert_eq!(check(None, ASKED, CORES), Ok(()));
    assert_eq!(check(Some(SETTINGS.into()), ASKED, 1), Err(Stays::Set));
}

#[test]
fn it_stays_as_it_was_started_where_somebody_else_has_chosen() {
    assert_eq!(check(Some("".into()), ASKED, 1), Err(Stays::Set));
    assert_eq!(check(Some("glibc.malloc.check=1".into()), ASKED, 1), Err(Stays::Set));
    for system in ["[always] madvise never\n", "always madvise [never]\n", ""] {
        assert_eq!(check(None, system, 1), Err(Stays::NoChoice), "{system}");
    }
}

#[test]
fn many_cores_do_not_share_an_arena() {
    assert_eq!(check(None, ASKED, CORES + 1), Err(Stays::ManyCores));
}
