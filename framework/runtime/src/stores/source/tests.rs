use std::{fs, path::Path};

use selvedge_model::manifest::Source;

use super::Sources;

fn env(name: &str) -> Option<String> {
    (name == "SET").then(|| "value".to_owned())
}

fn read(base_dir: &Path, source: Source, max: usize) -> Result<Vec<u8>, String> {
    Sources { base_dir, env: &env }.read(&source, max)
}

#[test]
fn bytes_come_from_each_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"\xff\n").unwrap();
    let cases = [
        (Source::Data("text".to_owned()), b"text".as_slice()),
        (Source::File("file".into()), b"\xff\n"),
        (Source::File(file), b"\xff\n"),
        (Source::Env("SET".to_owned()), b"value"),
    ];
    for (source, bytes) in cases {
        assert_eq!(read(folder.path(), source.clone(), bytes.len()).unwrap(), bytes, "{source:?}");
        read(folder.path(), source, bytes.len() - 1).unwrap_err();
    }
}

#[test]
fn problems_name_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "12345").unwrap();
    let file = folder.path().join("file").display().to_string();
    let missing = folder.path().join("missing").display().to_string();
    let cases = [
        (Source::Env("UNSET".to_owned()), "environment variable `UNSET` is not set".to_owned()),
        (
            Source::Env("SET".to_owned()),
            "environment variable `SET` holds more than 4 bytes".into(),
        ),
        (Source::File("file".into()), format!("file `{file}` holds more than 4 bytes")),
        (Source::Data("12345".to_owned()), "`data` holds more than 4 bytes".to_owned()),
        (Source::Generate { bytes: 1 }, "`generate` is for secrets only".to_owned()),
    ];
    for (source, problem) in cases {
        assert_eq!(read(folder.path(), source, 4).unwrap_err(), problem);
    }
    let problem = read(folder.path(), Source::File("missing".into()), 4).unwrap_err();
    assert!(problem.starts_with(&format!("file `{missing}` cannot be read: ")), "{problem}");
}
