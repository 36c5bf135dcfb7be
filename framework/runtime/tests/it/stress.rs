//! A node under a thousand clients, for five seconds; `cargo xtask stress` runs it for longer. And one whose chain guard is
//! flooded; `cargo xtask flood` does so with a million tokens.

use std::time::Duration;

use selvedge_stress::{
    Settings,
    flood::{self, FloodSettings},
    run,
};

#[test]
fn nothing_wrong_is_served_under_stress() {
    let settings = Settings {
        selvedge: env!("CARGO_BIN_EXE_selvedge").into(),
        time: Duration::from_secs(5),
        clients: 1000,
        seed: 4,
    };
    let report = run(&settings).unwrap();
    assert!(report.holds(), "{report}");
}

#[test]
fn a_flood_of_captured_tokens_gets_in_once_and_no_further_than_there_is_room() {
    let selvedge = env!("CARGO_BIN_EXE_selvedge").into();
    let report = flood::run(&FloodSettings { selvedge, tokens: 3000, room: 2000 }).unwrap();
    assert!(report.holds(), "{report}");
}
