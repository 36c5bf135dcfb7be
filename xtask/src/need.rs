//! Programs that a task calls besides cargo: found, or named with the package that has them.

use std::path::Path;

use crate::failure::{Failure, Outcome};

/// A program, what it is for, and the Debian package that has it.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) debian: &'static str,
}

/// What the tests call.
pub(crate) const OF_TESTS: &[Program] = &[
    Program { name: "openssl", purpose: "computes chain tokens independently", debian: "openssl" },
    Program { name: "curl", purpose: "sends the requests that the READMEs show", debian: "curl" },
];

/// Refuses with all that is missing, so that one installation is enough.
pub(crate) fn present(programs: &[Program]) -> Outcome {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    missing(programs, |name| folders.iter().any(|folder| is_program(&folder.join(name))))
}

fn missing(programs: &[Program], found: impl Fn(&str) -> bool) -> Outcome {
    let missing: Vec<_> = programs.iter().filter(|program| !found(program.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let named: Vec<_> =
        missing.iter().map(|it| format!("`{}` ({})", it.name, it.purpose)).collect();
    let packages: Vec<_> = missing.iter().map(|it| it.debian).collect();
    Err(Failure::new(format!("the tests need {}", named.join(" and ")))
        .hint(format!("on Debian: `apt-get install {}`", packages.join(" "))))
}

fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::{OF_TESTS, missing};

    #[test]
    fn everything_missing_is_named_at_once() {
        let failure = missing(OF_TESTS, |_| false).unwrap_err();
        assert_eq!(failure.hint.as_deref(), Some("on Debian: `apt-get install openssl curl`"));
        assert_eq!(missing(OF_TESTS, |_| true), Ok(()));
    }
}
