//! Makes a project from a template, as `cargo generate` would, without its installation.
//!
//! A template is an ordinary project with placeholders. Only plain substitution is used, so that
//! this file and `cargo generate` make the same project of it.

use std::fs;
use std::path::Path;

mod name;
mod settings;
mod trial;
mod values;

#[cfg(test)]
mod tests;

pub(crate) use self::trial::try_all;
pub(crate) use self::values::Values;

use self::settings::Settings;
use crate::failure::{Failure, Outcome, While};
use crate::workspace::folders;

/// The file that describes a template and is not part of the project.
const DESCRIPTION: &str = "cargo-generate.toml";

/// Makes a project in `dir`, which must be empty or absent.
pub(crate) fn make(root: &Path, template: &str, dir: &Path, values: &Values) -> Outcome {
    let from = find(root, template)?;
    let settings = Settings::read(&from.join(DESCRIPTION))?;
    refuse_occupied(dir)?;
    copy(&from, &from, dir, &settings, values)?;
    // The versions that selvedge itself is tested with.
    let lock = root.join("Cargo.lock");
    if lock.exists() {
        fs::copy(&lock, dir.join("Cargo.lock")).or_cannot(|| "copy `Cargo.lock`".into())?;
    }
    Ok(())
}

/// The names of all templates.
fn all(root: &Path) -> Outcome<Vec<String>> {
    let dir = root.join("templates");
    let mut names = folders(&dir)?;
    names.retain(|name| dir.join(name).join(DESCRIPTION).exists());
    Ok(names)
}

fn find(root: &Path, template: &str) -> Outcome<std::path::PathBuf> {
    let known = all(root)?;
    if known.iter().any(|name| name == template) {
        return Ok(root.join("templates").join(template));
    }
    let failure = Failure::new(format!("there is no template `{template}`"));
    Err(match selvedge_model::suggest::nearest(template, known.iter().map(String::as_str)) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the templates are {}", known.join(", "))),
    })
}

fn refuse_occupied(dir: &Path) -> Outcome {
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied || dir.is_file() {
        return Err(Failure::new(format!("`{}` exists and is not empty", dir.display()))
            .hint("choose a new directory; nothing was written"));
    }
    Ok(())
}

fn copy(base: &Path, from: &Path, to: &Path, settings: &Settings, values: &Values) -> Outcome {
    fs::create_dir_all(to).or_cannot(|| format!("make `{}`", to.display()))?;
    let entries = fs::read_dir(from).or_cannot(|| format!("list `{}`", from.display()))?;
    for entry in entries {
        let path = entry.or_cannot(|| format!("list `{}`", from.display()))?.path();
        let inside = path.strip_prefix(base).unwrap_or(&path);
        if inside == Path::new(DESCRIPTION) || settings.ignores(inside) {
            continue;
        }
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(base, &path, &target, settings, values)?;
        } else {
            copy_file(&path, &target, values)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path, values: &Values) -> Outcome {
    let text = fs::read_to_string(from).or_cannot(|| format!("read `{}`", from.display()))?;
    let filled = values.fill(&text).map_err(|name| {
        Failure::new(format!("`{}` has the unknown placeholder `{name}`", from.display()))
    })?;
    fs::write(to, filled).or_cannot(|| format!("write `{}`", to.display()))
}
