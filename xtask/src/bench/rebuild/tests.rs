//! What is said of the rounds.

use std::time::Duration;

use super::summary;

#[test]
fn the_middle_round_is_the_median() {
    let rounds = [3, 1, 2].map(Duration::from_secs).to_vec();
    let text = "a change of the handler, 3 times: min 1.00 s, median 2.00 s, max 3.00 s (aim: 3 s)";
    assert_eq!(summary(rounds), text);
}
