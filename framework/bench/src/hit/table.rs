//! The result as text: the least, the middle and the most, and how the middles compare.

use std::fmt::Write;

use selvedge_bench::samples::Samples;

/// One line per row, and the ratio of the first row's median to the second's.
pub(crate) fn text(rows: &[(&str, &Samples); 2]) -> String {
    let mut text = format!("{:<16}{:>10}{:>10}{:>10}  requests/s\n", "", "min", "median", "max");
    for (name, samples) in rows {
        let (min, median, max) = (samples.min(), samples.median(), samples.max());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<16}{min:>10.0}{median:>10.0}{max:>10.0}");
    }
    let ratio = rows[0].1.median() / rows[1].1.median();
    let _ = writeln!(text, "ratio of medians: {ratio:.2}");
    text
}

#[cfg(test)]
mod tests {
    use selvedge_bench::samples::Samples;

    use super::text;

    #[test]
    fn the_ratio_is_of_the_medians() {
        let (mut a, mut b) = (Samples::default(), Samples::default());
        [3.0, 1.0, 200.0].into_iter().for_each(|sample| a.add(sample));
        [6.0, 6.0, 6.0].into_iter().for_each(|sample| b.add(sample));
        let text = text(&[("a", &a), ("b", &b)]);
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["a", "1", "3", "200"]);
        assert!(text.ends_with("ratio of medians: 0.50\n"));
    }
}
