//! Holds the folder's README to the cases: each case stands in the table of its folder, and what is named exists.

use std::collections::BTreeSet;
use std::path::Path;

/// How many sections the checklist has.
const SECTIONS: u32 = 11;

/// What is wrong with the table, given every case as `folder/name`.
pub(crate) fn mistakes(text: &str, cases: &BTreeSet<String>) -> Vec<String> {
    let rows = rows(text);
    let named = || rows.iter().flat_map(|row| row.cases.iter());
    let unknown = named().filter(|case| !cases.contains(*case));
    let unknown = unknown.map(|case| format!("README.md names `{case}`, which does not exist"));
    let at_home = |case: &&String| !rows.iter().any(|row| row.is_home_of(case));
    let homeless = cases.iter().filter(at_home);
    let homeless = homeless.map(|case| format!("README.md lacks `{case}` in its folder's table"));
    let is_there = |section: &u32| rows.iter().any(|row| row.section == Some(*section));
    let missing = (1..=SECTIONS).filter(|section| !is_there(section));
    let missing = missing.map(|section| format!("README.md has nothing of section {section}"));
    unknown.chain(homeless).chain(missing).collect()
}

/// The name of a case in the table.
pub(crate) fn name(file: &Path) -> Option<String> {
    let folder = file.parent()?.file_name()?.to_str()?;
    Some(format!("{folder}/{}", file.file_stem()?.to_str()?))
}

/// A row of a table: what must hold, and the cases that show it.
struct Row {
    folder: String,
    section: Option<u32>,
    cases: Vec<String>,
}

impl Row {
    fn is_home_of(&self, case: &str) -> bool {
        let folder = case.split('/').next();
        folder == Some(&self.folder) && self.cases.iter().any(|named| named == case)
    }
}

/// The heading `## 9111-3.storing` opens a folder's table, in which `| 1 | what | one, other-folder/two |` is a row.
fn rows(text: &str) -> Vec<Row> {
    let mut folder = String::new();
    let mut rows = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            folder = heading.split_whitespace().next().unwrap_or_default().to_owned();
        }
        rows.extend(row(&folder, line));
    }
    rows
}

fn row(folder: &str, line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split(" | ").collect();
    let [section, _, cases] = cells.as_slice() else { return None };
    let section = section.trim();
    let is_head = section.is_empty() || section.starts_with('-');
    let full = |case: &str| match case.contains('/') {
        true => case.to_owned(),
        false => format!("{folder}/{case}"),
    };
    let cases = cases.split(',').map(str::trim).filter(|case| !case.is_empty()).map(full);
    (!is_head).then(|| Row {
        folder: folder.to_owned(),
        section: section.parse().ok(),
        cases: cases.collect(),
    })
}
