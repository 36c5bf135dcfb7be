//! Which values a cookie has.

use super::values;

#[test]
fn values_by_name() {
    let cases: [(&[&str], &str, &[&str]); 8] = [
        (&[], "a", &[]),
        (&["a=1"], "a", &["1"]),
        (&["b=1; a=2;a = 3 ", "a=4"], "a", &["2", "3", "4"]),
        (&["A=1; aa=2; xa=3"], "a", &[]),
        (&["a"], "a", &[""]),
        (&["a==1=2"], "a", &["=1=2"]),
        (&["a=\"x\""], "a", &["\"x\""]),
        (&[";; =1;"], "a", &[]),
    ];
    for (lines, name, expected) in cases {
        let found = values(lines.iter().map(|line| line.as_bytes()), name);
        assert!(found.eq(expected.iter().map(|value| value.as_bytes())), "{lines:?}");
    }
}
