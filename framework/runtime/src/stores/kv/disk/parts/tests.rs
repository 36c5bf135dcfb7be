use super::{PART, Rows};

fn lengths(chunks: &[usize]) -> Vec<usize> {
    let chunks: Vec<Vec<u8>> = chunks.iter().map(|len| vec![0; *len]).collect();
    let rows = Rows { chunks: chunks.iter().map(Vec::as_slice), rest: &[] };
    rows.map(|row| row.iter().map(|slice| slice.len()).sum()).collect()
}

#[test]
fn rows_are_full_however_chunks_are_cut() {
    let cases: [(&[usize], &[usize]); 8] = [
        (&[], &[]),
        (&[0, 0], &[]),
        (&[1], &[1]),
        (&[PART], &[PART]),
        (&[PART + 1], &[PART, 1]),
        (&[1, PART - 1, 0, 1], &[PART, 1]),
        (&[PART - 1, PART, 2], &[PART, PART, 1]),
        (&[3 * PART], &[PART; 3]),
    ];
    for (chunks, rows) in cases {
        assert_eq!(lengths(chunks), rows, "{chunks:?}");
    }
}
