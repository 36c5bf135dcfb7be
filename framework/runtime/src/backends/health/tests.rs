use std::time::Duration;

use selvedge_model::manifest::Healthcheck;

use super::{Health, Turn};

fn check(window: usize, threshold: usize, initial: usize) -> Healthcheck {
    Healthcheck {
        method: "GET".to_owned(),
        host: None,
        path: "/".to_owned(),
        expected_status: 200,
        interval: Duration::from_secs(15),
        timeout: Duration::from_secs(5),
        window,
        threshold,
        initial,
    }
}

/// What is said after each probe: `+` and `-` for probes, then `G` for good and `B` for bad.
fn played(check: &Healthcheck, probes: &str) -> String {
    let health = Health::of(check);
    let word = |health: &Health| if health.is_good() { 'G' } else { 'B' };
    let start = word(&health);
    let after = probes.chars().map(|probe| {
        let _ = health.probed(probe == '+');
        word(&health)
    });
    std::iter::once(start).chain(after).collect()
}

#[test]
fn a_backend_works_while_enough_of_the_last_probes_succeeded() {
    for (window, threshold, initial, probes, said) in [
        (5, 3, 4, "---", "GGGB"),
        (5, 3, 4, "---+++", "GGGBBBG"),
        (5, 3, 3, "-", "GG"),
        (5, 3, 2, "+", "BG"),
        (5, 3, 0, "+++---", "BBBGGGB"),
        (1, 1, 1, "-+-", "GBGB"),
        (15, 15, 15, "-++++++++++++++", "GBBBBBBBBBBBBBBB"),
        (15, 15, 15, "-+++++++++++++++", "GBBBBBBBBBBBBBBBG"),
        (3, 3, 3, "+-+++", "GGBBBG"),
    ] {
        assert_eq!(played(&check(window, threshold, initial), probes), said, "{probes}");
    }
}

#[test]
fn it_is_told_when_it_turns() {
    let health = Health::of(&check(2, 2, 2));
    let turns = [false, false, true, true, true].map(|succeeded| health.probed(succeeded));
    assert_eq!(turns, [Some(Turn::Failed), None, None, Some(Turn::Recovered), None]);
}
