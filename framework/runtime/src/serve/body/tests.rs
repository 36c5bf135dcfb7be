use std::time::Duration;

use selvedge::http::Stalled;

use super::Uploads;

const SECOND: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_secs(30);

/// What is left after pieces of so many bytes, each waited for so many seconds.
fn left(uploads: Uploads, pieces: &[(u64, u32)]) -> Duration {
    let after = |left, (bytes, waited): &(u64, u32)| uploads.left(left, SECOND * *waited, *bytes);
    pieces.iter().fold(uploads.idle, after)
}

#[test]
fn waiting_takes_patience_and_bytes_bring_it_back() {
    let uploads = Uploads { idle: IDLE, least: 1000 };
    for (pieces, expected) in [
        (&[][..], IDLE),
        (&[(10, 0)], IDLE),
        (&[(1, 20)], 10 * SECOND + SECOND / 1000),
        (&[(20_000, 20)], IDLE),
        (&[(5000, 20), (5000, 10)], 10 * SECOND),
        (&[(1, 20), (1, 10)], SECOND / 500),
        // What came fast is no credit for hours.
        (&[(u64::MAX, 0), (1, 29)], SECOND + SECOND / 1000),
        (&[(0, 60)], Duration::ZERO),
    ] {
        assert_eq!(left(uploads, pieces), expected, "{pieces:?}");
    }
    let any = Uploads { least: 0, ..uploads };
    assert_eq!(left(any, &[(1, 29), (1, 29)]), IDLE);
}

#[test]
fn who_had_all_the_patience_was_silent_and_who_had_less_was_slow() {
    let uploads = Uploads { idle: IDLE, least: 1000 };
    assert_eq!(uploads.why(IDLE), Stalled::Silent(IDLE));
    assert_eq!(uploads.why(IDLE - SECOND), Stalled::Slow(1000));
}
