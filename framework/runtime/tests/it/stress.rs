//! A node under a thousand clients, for five seconds; `cargo xtask stress` runs it for longer.

use std::time::Duration;

use selvedge_stress::{Settings, run};

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
