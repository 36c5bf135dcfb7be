//! A node under a thousand clients, for five seconds; `cargo xtask stress` runs it for longer. And one whose chain guard is
//! flooded; `cargo xtask flood` does so with a million tokens.

use std::time::Duration;

use selvedge_stress::{
    Pops, Settings,
    flood::{self, FloodSettings},
    run,
};

/// A run in which nothing went wrong.
fn holds(pops: Pops, seconds: u64, clients: usize) {
    let settings = Settings {
        selvedge: env!("CARGO_BIN_EXE_selvedge").into(),
        time: Duration::from_secs(seconds),
        clients,
        seed: 4,
        pops,
    };
    let report = run(&settings).unwrap();
    assert!(report.holds(), "{report}");
}

#[test]
fn nothing_wrong_is_served_under_stress() {
    holds(Pops::One, 5, 1000);
}

#[test]
fn nothing_wrong_comes_through_a_shield_under_stress() {
    holds(Pops::Shielded, 3, 200);
}

#[test]
fn a_flood_of_captured_tokens_gets_in_once_and_no_further_than_there_is_room() {
    let selvedge = env!("CARGO_BIN_EXE_selvedge").into();
    let report = flood::run(&FloodSettings { selvedge, tokens: 3000, room: 2000 }).unwrap();
    assert!(report.holds(), "{report}");
}
