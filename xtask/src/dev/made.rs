//! What a process of the dev server was made of.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What a process was made of: if nothing of it changed, there is no reason to restart it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    words: Vec<String>,
    files: Vec<(PathBuf, Option<(SystemTime, u64)>)>,
}

impl Made {
    pub(super) fn of(command: &Command, binary: &Path, files: &[PathBuf]) -> Self {
        let words = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        let stamp = |path: &PathBuf| {
            let meta = path.metadata().ok()?;
            Some((meta.modified().ok()?, meta.len()))
        };
        let all = std::iter::once(binary.to_path_buf()).chain(files.iter().cloned());
        Self {
            words,
            files: all
                .map(|path| {
                    let it = stamp(&path);
                    (path, it)
                })
                .collect(),
        }
    }
}
