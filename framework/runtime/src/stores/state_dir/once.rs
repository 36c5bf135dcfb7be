//! A file of random bytes in hexadecimal that is made once and kept for ever.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use selvedge::store::secret::Secret;

use crate::stores::{hex, private};

/// The text of the file, which is made first if it is missing.
pub(super) fn read_or_make(path: &Path, bytes: usize) -> io::Result<Secret> {
    match fs::read(path) {
        Ok(text) => check(&Secret::new(text)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => make(path, bytes),
        Err(cause) => Err(cause),
    }
}

/// A line break at the end is forgiven: editors add it.
fn check(text: &Secret) -> io::Result<Secret> {
    let secret = text.plaintext().trim_ascii_end();
    let is_ours = str::from_utf8(secret).ok().and_then(hex::decode).map(Secret::new);
    match is_ours.is_some_and(|bytes| !bytes.plaintext().is_empty()) {
        true => Ok(Secret::new(secret.to_vec())),
        false => Err(invalid(io::ErrorKind::InvalidData, "it is not lower-case hexadecimal text")),
    }
}

fn make(path: &Path, bytes: usize) -> io::Result<Secret> {
    let text = random(bytes)?;
    let folder = path.parent().ok_or_else(|| invalid(io::ErrorKind::InvalidInput, "no folder"))?;
    let draft = draft_of(path);
    let mut file = private::options().write(true).create(true).truncate(true).open(&draft)?;
    file.write_all(text.plaintext())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    private::sync_dir(folder)?;
    Ok(text)
}

fn random(bytes: usize) -> io::Result<Secret> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|cause| io::Error::other(cause.to_string()))?;
    let random = Secret::new(random);
    Ok(Secret::new(hex::encode(random.plaintext()).into_bytes()))
}

/// No file of ours has a dot in its name, so drafts are nobody else's.
fn draft_of(path: &Path) -> PathBuf {
    path.with_extension("draft")
}

fn invalid(kind: io::ErrorKind, what: &str) -> io::Error {
    io::Error::new(kind, what)
}
