//! How queries are read.

use super::parameters;

#[test]
fn names_and_values() {
    let cases: [(&str, &[(&str, &str)]); 8] = [
        ("", &[("", "")]),
        ("a=1&b=2", &[("a", "1"), ("b", "2")]),
        ("a&&b=", &[("a", ""), ("", ""), ("b", "")]),
        ("a=1=2", &[("a", "1=2")]),
        ("%61%3D=%26+%2b", &[("a=", "& +")]),
        ("%7=%zz%&%", &[("%7", "%zz%"), ("%", "")]),
        ("%2561=%C3%A9%ff", &[("%61", "é\u{fffd}")]),
        ("%fA%Fa=é", &[("\u{fffd}\u{fffd}", "é")]),
    ];
    for (query, expected) in cases {
        let found: Vec<_> = parameters(query).map(|p| (p.name(), p.value())).collect();
        let found: Vec<_> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn parameters_stay_as_received() {
    let query = "%61=1&&b=+";
    let found: Vec<_> = parameters(query).map(|parameter| parameter.as_received()).collect();
    assert_eq!(found.join("&"), query);
}
