//! What stands in for the placeholders.

use std::path::Path;

use crate::failure::{Failure, Outcome};

/// The values of all placeholders that templates may use.
#[derive(Debug)]
pub(crate) struct Values {
    project_name: String,
    crate_name: String,
    selvedge_path: String,
}

impl Values {
    /// Values for a project of this name that uses the checkout in `root`.
    pub(crate) fn new(name: &str, root: &Path) -> Outcome<Self> {
        check_name(name)?;
        let path = root.to_str().filter(|path| !path.contains(['"', '\\']));
        let path = path.ok_or_else(|| {
            Failure::new(format!("the path `{}` cannot be written in a Cargo.toml", root.display()))
        })?;
        Ok(Self {
            project_name: name.to_owned(),
            crate_name: name.replace('-', "_"),
            selvedge_path: path.to_owned(),
        })
    }

    /// The text with every `{{placeholder}}` replaced, or the name of an unknown one.
    pub(crate) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or_else(|| "{{".to_owned())?;
            filled.push_str(before);
            filled.push_str(self.value(name.trim()).ok_or_else(|| name.trim().to_owned())?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "project-name" => Some(&self.project_name),
            "crate_name" => Some(&self.crate_name),
            "selvedge_path" => Some(&self.selvedge_path),
            _ => None,
        }
    }
}

/// Names that are a crate, a service and a host name alike, and none that cargo or the compiler
/// keeps for itself.
fn check_name(name: &str) -> Outcome {
    let letters = name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    let taken = matches!(name, "test" | "core" | "std" | "alloc" | "proc-macro" | "xtask" | "fn");
    if letters && begins && !taken && !name.ends_with('-') && name.len() <= 63 {
        return Ok(());
    }
    Err(Failure::new(format!("`{name}` cannot be the name of a project"))
        .hint("use lower-case letters, digits and `-`, beginning with a letter: `--name my-edge`"))
}
