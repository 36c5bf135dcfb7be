//! The results as text.

use std::fmt::{self, Write};

use crate::race::Row;

/// The name of the row that is compared with the others.
const OURS: &str = "selvedge";

/// A server is what is measured while its core has no more than this to spare.
const BOTTLENECK: f64 = 0.9;

/// One line per server. Latencies and shares are medians over the rounds.
pub(crate) fn text(title: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "\n{title}\n{:<18}{:>10}{:>10}{:>10}{:>8}{:>9}{:>9}{:>8}{:>8}\n",
        "", "min/s", "median/s", "max/s", "cpu us", "p50 us", "p99 us", "server", "clients"
    );
    for row in rows {
        let rate = &row.per_second;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<18}{:>10.0}{:>10.0}{:>10.0}{:>8.1}{:>9.0}{:>9.0}{:>7.0}%{:>7.0}%{}",
            row.name,
            rate.min(),
            rate.median(),
            rate.max(),
            row.cost_us.median(),
            row.p50_us.median(),
            row.p99_us.median(),
            row.server_busy.median() * 100.0,
            row.clients_busy.median() * 100.0,
            doubt(row),
        );
    }
    text
}

fn doubt(row: &Row) -> &'static str {
    match row.server_busy.median() < BOTTLENECK {
        true => "  (its core was not the bottleneck)",
        false => "",
    }
}

/// How much more a request costs in each row than in the first, in computing time.
pub(crate) fn costs(rows: &[Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    rows.iter().skip(1).fold(String::new(), |mut text, row| {
        let more = row.cost_us.median() / first.cost_us.median() - 1.0;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} costs {:+.0}%", row.name, more * 100.0);
        text
    })
}

/// How the node compares, case by case.
#[derive(Default)]
pub(crate) struct Ratios(Vec<Ratio>);

/// The node's figures over another server's.
struct Ratio {
    case: String,
    other: String,
    per_second: f64,
    cost: f64,
    p99: f64,
}

impl Ratios {
    /// Adds a case.
    pub(crate) fn add(&mut self, case: &str, rows: &[Row]) {
        let Some(ours) = rows.iter().find(|row| row.name == OURS) else { return };
        let others = rows.iter().filter(|row| row.name != OURS);
        self.0.extend(others.map(|row| Ratio {
            case: case.to_owned(),
            other: row.name.clone(),
            per_second: ours.per_second.median() / row.per_second.median(),
            cost: ours.cost_us.median() / row.cost_us.median(),
            p99: ours.p99_us.median() / row.p99_us.median(),
        }));
    }
}

impl fmt::Display for Ratios {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let (rate, cost) = ("answers/s", "cpu");
        writeln!(f, "\n{:<38}{:<18}{rate:>9}{cost:>9}{:>9}", "selvedge over", "", "p99")?;
        self.0.iter().try_for_each(|Ratio { case, other, per_second, cost, p99 }| {
            writeln!(f, "{case:<38}{other:<18}{per_second:>9.2}{cost:>9.2}{p99:>9.2}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Ratios, costs, text};
    use crate::race::Row;

    fn row(name: &str, rate: f64, p99: f64, busy: f64) -> Row {
        let mut row = Row::of(name);
        row.per_second.add(rate);
        row.cost_us.add(busy / rate * 1e6);
        row.p99_us.add(p99);
        row.server_busy.add(busy);
        row
    }

    #[test]
    fn ratios_are_ours_over_theirs() {
        let rows = [row("selvedge", 90.0, 2.0, 1.0), row("nginx", 45.0, 4.0, 1.0)];
        let mut ratios = Ratios::default();
        ratios.add("hit", &rows);
        let text = ratios.to_string();
        let line = text.lines().last().unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words, ["hit", "nginx", "2.00", "0.50", "0.50"]);
    }

    #[test]
    fn an_idle_server_is_doubted() {
        let rows = [row("a", 100.0, 1.0, 0.99), row("b", 80.0, 1.0, 0.5)];
        let text = text("case", &rows);
        let doubted: Vec<_> = text.lines().filter(|line| line.contains("bottleneck")).collect();
        assert!(matches!(doubted[..], [line] if line.starts_with("b ")), "{text}");
        assert_eq!(costs(&rows), "b costs -37%\n");
    }
}
