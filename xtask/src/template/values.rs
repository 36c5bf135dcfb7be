//! What stands in for the placeholders.

use std::path::Path;

use super::name;
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
        name::check(name)?;
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
