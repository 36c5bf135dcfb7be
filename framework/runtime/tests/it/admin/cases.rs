//! Every file in `cases/`, each with a node of its own, its cases one after the other.

use std::{fs, path::Path};

use super::{
    Node,
    case::{Ask, Known, cases, fill},
};

#[tokio::test]
async fn the_cases_are_answered_as_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/admin/cases");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "case")).collect();
    files.sort();
    assert!(files.len() > 10, "the cases are not where they should be");
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        wrong.extend(run(&fs::read_to_string(&file).unwrap()).await.map(|why| format!("{name}: {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is wrong, up to the first thing: what comes after it may build on it.
async fn run(text: &str) -> Option<String> {
    let node = Node::start().await;
    let mut known = Known::new();
    for case in cases(text) {
        let (line, headers, body, wanted) = match case.ask {
            Ask::Wait(seconds) => {
                node.wait(seconds).await;
                continue;
            }
            Ask::Call { line, headers, body, wanted } => (line, headers, body, wanted),
        };
        let headers: Vec<_> =
            headers.into_iter().map(|(name, value)| (name, fill(&value, &known))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let body = fill(&body, &known);
        let reply = node.call(&fill(&line, &known), &headers, body.as_bytes()).await;
        // Every answer has these (platform.md section 1.3).
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{line}");
        assert!(reply.header("content-type").is_some(), "{line}");
        if let Err(why) = wanted.check(&reply, &mut known) {
            return Some(format!("{}\n{line}\n{why}", case.title));
        }
    }
    None
}
