//! `docs/chaining.md` names a test for each paragraph of the platform's text; each of them must exist.

use std::fs;
use std::path::Path;

#[test]
fn every_test_that_the_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/chaining.md")).unwrap();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        for cell in row.split('`').skip(1).step_by(2).filter(|cell| cell.contains("::")) {
            let (file, test) = cell.rsplit_once("::").unwrap();
            let file = root.join("framework/runtime/tests/it").join(file.replace("::", "/"));
            let text = fs::read_to_string(file.with_extension("rs")).unwrap_or_default();
            assert!(text.contains(&format!("fn {test}()")), "there is no test `{cell}`");
            named += 1;
        }
    }
    assert!(named >= 20, "{named} tests are named");
}
