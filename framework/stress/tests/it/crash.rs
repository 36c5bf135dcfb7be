//! What `cargo xtask crash` does, with a build for tests: as many kills, from one seed.

use selvedge_stress::crash::{Settings, run};

#[test]
fn what_was_acknowledged_survives_kills() {
    let program = env!("CARGO_BIN_EXE_selvedge-crash").into();
    let report = run(&Settings { program, kills: 100, seed: 7 }).unwrap();
    assert!(report.wrong.is_empty(), "{report}");
    assert_eq!(report.kills, 100);
    assert!(report.acknowledged > 0, "{report}");
}
