//! Lists of field names as arguments.

use super::directives;
use crate::sample::headers;

#[test]
fn field_names_as_read() {
    let table: [(&str, Option<&[&str]>); 10] = [
        ("x=\"a\"", Some(&["a"])),
        ("x=\"A, b,\t, c\"", Some(&["a", "b", "c"])),
        ("x=a", Some(&["a"])),
        ("x", None),
        ("x=", None),
        ("x=\"\"", None),
        ("x=\", ,\"", None),
        ("x=\"a b\"", None),
        ("x=\"a", None),
        ("x =\"a\"", None),
    ];
    for (value, expected) in table {
        let headers = headers(&[&format!("Cache-Control: {value}")]);
        let names = directives(&headers, "cache-control").next().unwrap().field_names();
        let names =
            names.as_ref().map(|names| names.iter().map(|it| it.as_str()).collect::<Vec<_>>());
        assert_eq!(names.as_deref(), expected, "{value}");
    }
}
