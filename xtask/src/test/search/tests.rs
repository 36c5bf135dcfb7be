use super::*;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn planted() -> String {
    PLANTED.join(" and ")
}

#[test]
fn what_is_clean_and_planted_everywhere_is_fine() {
    let given = b"data = \"secret-seed\"".as_slice();
    let planted = planted();
    let files = [
        ("output.txt", planted.as_bytes()),
        ("left/x/edge.toml", given),
        ("left/x/one.given", given),
    ];
    assert_eq!(all(folder(&files).path()), Ok(()));
}

#[test]
fn a_search_that_misses_what_was_planted_fails() {
    let without = planted().replace("planted-left", "");
    let failure = all(folder(&[("output.txt", without.as_bytes())]).path()).unwrap_err();
    assert_eq!(failure.what, "`planted-left` was planted and is not found");
    assert!(all(folder(&[]).path()).unwrap_err().what.contains("planted-printed"));
}

/// In whatever form, between whatever bytes.
#[test]
fn a_seed_is_found_in_every_form() {
    let bytes = SEED.as_bytes();
    let listed = |between| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(between);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![hex.to_uppercase(), hex, listed(", "), listed(","), SEED.to_owned()];
    // As `base64` writes "secret-seed", "1secret-seed" and "12secret-seed2".
    forms.extend(
        ["c2VjcmV0LXNlZWQ=", "MXNlY3JldC1zZWVk", "MTJzZWNyZXQtc2VlZDI="].map(str::to_owned),
    );
    for form in forms {
        let file = [b"\xff\xfe", form.as_bytes(), b"\x80"].concat();
        let planted = planted();
        let files = [("output.txt", planted.as_bytes()), ("left/a/.selvedge/kv.redb", &file)];
        let failure = all(folder(&files).path()).unwrap_err();
        assert!(failure.what.contains("kv.redb` has"), "{form}: {}", failure.what);
    }
}
