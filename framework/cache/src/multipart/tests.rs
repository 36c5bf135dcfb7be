use super::*;
use crate::sample::entry;

fn text(entry: &Entry, pieces: &[Piece]) -> String {
    let bytes = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.to_vec(),
        Piece::Slice(range) => entry.body().slice(range.clone()).concat(),
    });
    String::from_utf8(bytes.collect::<Vec<_>>().concat()).unwrap()
}

#[test]
fn heads_and_bytes_in_turn() {
    let entry = entry(&["Content-Type: text/plain"]);
    let body = multipart(&entry, &[0..2, 4..7]);
    let written = text(&entry, &body.pieces);
    let boundary = body.content_type.to_str().unwrap().split_once("boundary=").unwrap().1;
    let expected = format!(
        "--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01\
         \r\n--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-6/10\r\n\r\n456\
         \r\n--{boundary}--\r\n"
    );
    assert_eq!(written, expected);
    assert_eq!(body.len, expected.len() as u64);
    assert_eq!(boundary.len(), 32);
}

#[test]
fn the_type_is_left_out_where_there_is_none() {
    let entry = entry(&[]);
    let written = text(&entry, &multipart(&entry, &[0..1, 2..3]).pieces);
    assert!(!written.contains("Content-Type"), "{written}");
}

#[test]
fn the_boundary_is_the_entrys() {
    let (a, b) = (entry(&["ETag: \"a\""]), entry(&["ETag: \"b\""]));
    let of = |entry| multipart(entry, &[0..1, 2..3]).content_type;
    assert_eq!(of(&a), of(&a));
    assert_ne!(of(&a), of(&b));
}
