//! Fences against trees of dependencies.

use super::{FENCES, names, violations};

#[test]
fn what_is_reached_without_leave_is_named() {
    let table = [
        ("selvedge-model v0.1.0 (/x)\ntoml v1.0.0", 0),
        ("selvedge-model v0.1.0 (/x)\ntokio v1.0.0\nhyper v1.0.0", 2),
        ("selvedge-model v0.1.0 (/x)\nselvedge v0.1.0 (/y)", 1),
    ];
    let model = FENCES.iter().find(|fence| fence.package == "selvedge-model").unwrap();
    for (tree, count) in table {
        let found = violations(model, &names(tree));
        assert_eq!(found.len(), count, "{tree}: {found:?}");
        assert!(found.iter().all(|line| line.ends_with(model.why)));
    }
}

#[test]
fn nothing_below_the_runtime_may_reach_it() {
    let below = ["selvedge", "selvedge-model", "selvedge-cache", "selvedge-macros"];
    let tree = names("selvedge-runtime v0.1.0 (/x)");
    for fence in FENCES.iter().filter(|fence| below.contains(&fence.package)) {
        assert_eq!(violations(fence, &tree).len(), 1, "{}", fence.package);
    }
}
