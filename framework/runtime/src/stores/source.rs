//! Where an item's bytes come from: the manifest itself, a file beside it, or the environment.
//!
//! The environment comes through a closure, so that tests supply their own. Bytes are taken as
//! they are: a line break at the end of a file is part of the value.

use std::{fs::File, io::Read, path::Path};

use selvedge_model::manifest::Source;

#[cfg(test)]
mod tests;

/// What sources are read from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The manifest's folder: relative file names start here.
    pub base_dir: &'a Path,
    /// Reads an environment variable; `None` if it is not set, or is no text.
    pub env: &'a dyn Fn(&str) -> Option<String>,
}

impl Sources<'_> {
    /// The bytes of a source, or what is wrong with it.
    ///
    /// # Errors
    /// Where the variable is not set, the file cannot be read, there are more than `max` bytes,
    /// or the source is one to generate, which only secrets know how to.
    pub fn read(&self, source: &Source, max: usize) -> Result<Vec<u8>, String> {
        match source {
            Source::Data(text) => within(text.clone().into_bytes(), max, "`data`"),
            Source::File(path) => read_file(&self.base_dir.join(path), max),
            Source::Env(variable) => self.read_env(variable, max),
            Source::Generate { .. } => Err("`generate` is for secrets only".to_owned()),
        }
    }

    fn read_env(&self, variable: &str, max: usize) -> Result<Vec<u8>, String> {
        let what = format!("environment variable `{variable}`");
        let text = (self.env)(variable).ok_or_else(|| format!("{what} is not set"))?;
        within(text.into_bytes(), max, &what)
    }
}

/// Reads one byte more than is allowed at most, however large the file is.
fn read_file(path: &Path, max: usize) -> Result<Vec<u8>, String> {
    let what = format!("file `{}`", path.display());
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|cause| format!("{what} cannot be read: {cause}"))?;
    within(bytes, max, &what)
}

fn within(bytes: Vec<u8>, max: usize, what: &str) -> Result<Vec<u8>, String> {
    if bytes.len() <= max {
        return Ok(bytes);
    }
    Err(format!("{what} holds more than {max} bytes"))
}
