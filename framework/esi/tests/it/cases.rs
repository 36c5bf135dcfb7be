//! Each template in `cases/` gives what stands in the `.out` beside it, in one chunk and byte by byte.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use selvedge_esi::OnError;

use crate::{Out, parse};

fn shown(out: &[Out]) -> String {
    let mut text = String::new();
    for one in out {
        let _ = match one {
            Out::Text(bytes) => writeln!(text, "text {:?}", String::from_utf8_lossy(bytes)),
            Out::Flaw(flaw) => writeln!(text, "flaw: {}", flaw.as_str()),
            Out::Include(include) => {
                let alt = include.alt.as_ref().map(|alt| format!(", else {alt:?}"));
                let goes_on = match include.onerror {
                    OnError::Fail => "",
                    OnError::Continue => ", else nothing",
                };
                writeln!(text, "include {:?}{}{goes_on}", include.src, alt.unwrap_or_default())
            }
        };
    }
    text
}

#[test]
fn templates_give_what_stands_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases");
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    cases.retain(|case| case.extension().is_some_and(|end| end == "html"));
    cases.sort();
    assert!(cases.len() >= 10, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let template = fs::read(&case).unwrap();
        let found = shown(&parse([&template[..]]));
        assert_eq!(shown(&parse(template.chunks(1))), found, "{}", case.display());
        let golden = case.with_extension("out");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&golden, &found).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if expected != found {
            wrong.push(format!("{}\nexpected:\n{expected}\nfound:\n{found}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
