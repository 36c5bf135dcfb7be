//! How problems are gathered and shown.

use super::{Problem, Problems, Severity};

fn problem(severity: Severity, line: usize, hint: Option<&str>) -> Problem {
    let what = format!("line {line} is odd");
    Problem { severity, line, column: 3, what, hint: hint.map(str::to_owned) }
}

#[test]
fn a_report_is_sorted_by_place_and_shows_hints() {
    let mut problems = Problems::new();
    problems.push(problem(Severity::Warn, 7, None));
    problems.push(problem(Severity::Refuse, 2, Some("make it even")));
    let expected = "edge.toml:2:3: error: line 2 is odd\n  hint: make it even\n\
                    edge.toml:7:3: warning: line 7 is odd\n";
    assert_eq!(problems.render("edge.toml"), expected);
}

#[test]
fn warnings_do_not_refuse() {
    let mut problems = Problems::new();
    assert!(problems.is_empty());
    problems.push(problem(Severity::Warn, 1, None));
    assert!(!problems.is_empty() && !problems.has_refusals());
    problems.push(problem(Severity::Refuse, 1, None));
    assert!(problems.has_refusals());
}
