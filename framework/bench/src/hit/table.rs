//! The result as text: the least, the middle and the most, and how the middles compare.

use std::fmt::Write;

/// One line per row, and the ratio of the first row's median to the second's.
pub(crate) fn text(rows: &[(&str, &[f64]); 2]) -> String {
    let mut text = format!("{:<16}{:>10}{:>10}{:>10}  requests/s\n", "", "min", "median", "max");
    for (name, samples) in rows {
        let (min, median, max) = summary(samples);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<16}{min:>10.0}{median:>10.0}{max:>10.0}");
    }
    let ratio = summary(rows[0].1).1 / summary(rows[1].1).1;
    let _ = writeln!(text, "ratio of medians: {ratio:.2}");
    text
}

fn summary(samples: &[f64]) -> (f64, f64, f64) {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    (at(0), at(sorted.len() / 2), at(sorted.len().saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn the_middle_is_the_median() {
        let text = text(&[("a", &[3.0, 1.0, 200.0]), ("b", &[6.0, 6.0, 6.0])]);
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["a", "1", "3", "200"]);
        assert!(text.ends_with("ratio of medians: 0.50\n"));
    }
}
