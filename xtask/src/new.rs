//! `cargo xtask new`: a project from one of the templates of this checkout.

use std::path::Path;

use crate::failure::{Failure, Outcome, While};
use crate::flags::New;
use crate::say;
use crate::template::{self, Values};

/// Makes the project and says what to type next.
pub(crate) fn run(root: &Path, flags: &New) -> Outcome {
    let dir = std::path::absolute(&flags.dir)
        .or_cannot(|| format!("find the directory `{}`", flags.dir.display()))?;
    let name = match &flags.name {
        Some(name) => name.clone(),
        None => name_of(&dir)?,
    };
    template::make(root, &flags.template, &dir, &Values::new(&name, root)?)?;
    let shown = flags.dir.display();
    say::out(format!("made `{name}` in `{shown}`; now: cd {shown} && cargo xtask dev"));
    Ok(())
}

fn name_of(dir: &Path) -> Outcome<String> {
    let name = dir.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    name.ok_or_else(|| {
        Failure::new(format!("`{}` gives the project no name", dir.display())).hint("add `--name`")
    })
}
