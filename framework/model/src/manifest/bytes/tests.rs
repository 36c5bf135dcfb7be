use super::parse;

#[test]
fn a_number_of_bytes_has_a_binary_unit() {
    for (text, bytes) in [
        ("0B", Some(0)),
        ("512KiB", Some(512 * 1024)),
        ("256MiB", Some(256 * 1024 * 1024)),
        ("2GiB", Some(2 * 1024 * 1024 * 1024)),
        ("17179869184GiB", None),
        ("1", None),
        ("MiB", None),
        ("1 MiB", None),
        ("1MB", None),
        ("1mib", None),
        ("-1MiB", None),
        ("1.5MiB", None),
        ("", None),
    ] {
        assert_eq!(parse(text), bytes, "{text}");
    }
}
