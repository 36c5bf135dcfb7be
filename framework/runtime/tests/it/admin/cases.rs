//! Every file in `cases/`, each with a node of its own, its cases one after the other.

use std::{fs, path::Path};

use super::{
    Node, Reply,
    case::{Ask, Known, cases, fill},
};

#[tokio::test]
async fn the_cases_are_answered_as_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/admin/cases");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "case")).collect();
    files.sort();
    assert!(files.len() >= 10, "the cases are not where they should be");
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        wrong.extend(
            run(&fs::read_to_string(&file).unwrap())
                .await
                .into_iter()
                .map(|why| format!("{name}: {why}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is wrong. The first of it may be why the rest is.
async fn run(text: &str) -> Vec<String> {
    let node = Node::start().await;
    let (mut known, mut wrong) = (Known::new(), Vec::new());
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
        if let Err(why) = headers_of_all(&reply).and_then(|()| wanted.check(&reply, &mut known)) {
            wrong.push(format!("{}\n{line}\n{why}", case.title));
        }
    }
    wrong
}

/// Platform.md section 1.3.
fn headers_of_all(reply: &Reply) -> Result<(), String> {
    match (reply.header("cache-control"), reply.header("content-type")) {
        (Some("no-store"), Some(_)) => Ok(()),
        other => Err(format!("the headers of every answer are {other:?}")),
    }
}
