use super::*;
use crate::sample::headers;

#[test]
fn content_ranges() {
    let part = |bytes: Range<u64>, complete_length| Ok(ContentRange { bytes, complete_length });
    let table = [
        ("bytes 0-4/10", part(0..5, Some(10))),
        ("BYTES 4-9/10", part(4..10, Some(10))),
        ("bytes 3-3/*", part(3..4, None)),
        ("bytes 0-9/9", Err(NoRange::Invalid)),
        ("bytes 5-4/10", Err(NoRange::Invalid)),
        ("bytes */10", Err(NoRange::Invalid)),
        ("bytes 0-4", Err(NoRange::Invalid)),
        ("bytes=0-4/10", Err(NoRange::Invalid)),
        ("bytes +0-4/10", Err(NoRange::Invalid)),
        ("bytes -4/10", Err(NoRange::Invalid)),
        ("bytes 0-18446744073709551615/*", Err(NoRange::Invalid)),
        ("bytes 0-99999999999999999999/*", Err(NoRange::Invalid)),
        ("pages 0-4/10", Err(NoRange::ForeignUnit)),
        ("", Err(NoRange::Invalid)),
    ];
    for (value, expected) in table {
        let map = headers(&[&format!("Content-Range: {value}")]);
        assert_eq!(range_of(&map), expected, "{value}");
    }
    assert_eq!(range_of(&headers(&[])), Err(NoRange::Absent));
    let twice = headers(&["Content-Range: bytes 0-4/10", "Content-Range: bytes 0-4/10"]);
    assert_eq!(range_of(&twice), Err(NoRange::Invalid));
}
