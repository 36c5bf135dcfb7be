//! Licence expressions and the verdict on each.

use super::Verdict::{Other, Permissive, Unreadable};
use super::{permissive, refusal};

#[test]
fn expressions() {
    let table = [
        ("MIT", Permissive),
        ("MIT OR Apache-2.0", Permissive),
        ("MIT/Apache-2.0", Permissive),
        ("GPL-3.0-only", Other),
        ("GPL-3.0-only OR MIT", Permissive),
        ("GPL-3.0-only AND MIT", Other),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", Permissive),
        ("(MIT OR Apache-2.0) AND LGPL-2.1", Other),
        ("MIT OR GPL-3.0 AND LGPL-2.1", Permissive),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", Permissive),
        ("Apache-2.0 AND ISC AND (MIT OR BSD-3-Clause)", Permissive),
        ("", Unreadable),
        ("MIT OR", Unreadable),
        ("(MIT", Unreadable),
        ("MIT Apache-2.0", Unreadable),
        ("OR MIT", Unreadable),
    ];
    for (expression, verdict) in table {
        assert_eq!(permissive(expression), verdict, "{expression}");
    }
}

#[test]
fn lines_of_the_tree() {
    assert_eq!(refusal("toml v1.0.0|MIT OR Apache-2.0 (*)"), None);
    assert_eq!(refusal("toml v1.0.0|MIT"), None);
    assert!(refusal("x v1.0.0|").unwrap().contains("no licence"));
    assert!(refusal("x v1.0.0|SSPL-1.0").unwrap().contains("not permissive"));
    assert_eq!(refusal(""), None);
}
