//! Runs the tests with all that they print in a file, and shows of it what a person would see without that.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::cargo::shown;
use crate::failure::{Failure, Outcome, While};
use crate::say;

/// Runs a command to its end; a failure names it.
pub(super) fn kept(command: &mut Command, file: &Path) -> Outcome {
    let name = shown(command);
    let file = File::create(file).or_cannot(|| format!("make `{}`", file.display()))?;
    let file = Mutex::new(file);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().or_cannot(|| format!("run `{name}`"))?;
    let (out, errors) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let errors =
            scope.spawn(|| errors.map(|errors| copy(errors, &file, |line| say::note(line))));
        let mut view = View::default();
        let out = out.map(|out| copy(out, &file, |line| view.show(line)));
        let errors = errors.join().unwrap_or_default();
        out.transpose().and(errors.transpose()).or_cannot(|| format!("read what `{name}` prints"))
    })?;
    let status = child.wait().or_cannot(|| format!("wait for `{name}`"))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed: {status}"))) }
}

fn copy(from: impl Read, to: &Mutex<File>, mut show: impl FnMut(&str)) -> std::io::Result<()> {
    let (mut from, mut line) = (BufReader::new(from), Vec::new());
    while from.read_until(b'\n', &mut line)? > 0 {
        to.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line)?;
        show(String::from_utf8_lossy(&line).trim_end_matches('\n'));
        line.clear();
    }
    Ok(())
}

/// What tests that succeeded have printed is for the file only.
#[derive(Default)]
struct View {
    within: Within,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Whatever,
    Successes,
}

impl View {
    fn show(&mut self, line: &str) {
        if self.is_seen(line) {
            say::out(line);
        }
    }

    fn is_seen(&mut self, line: &str) -> bool {
        let ends = line.starts_with("test result: ") || line == "failures:";
        match self.within {
            Within::Whatever if line == "successes:" => self.within = Within::Successes,
            Within::Successes if ends => self.within = Within::Whatever,
            _ => {}
        }
        self.within == Within::Whatever
    }
}

#[cfg(test)]
mod tests {
    use super::View;

    #[test]
    fn what_succeeded_is_not_seen() {
        let mut view = View::default();
        let lines = "running 2 tests\ntest a ... ok\n\nsuccesses:\n\n---- a stdout ----\nnoise\n\n\nsuccesses:\n    a\n\
                     \nfailures:\n\n---- b stdout ----\nwhy\n\ntest result: FAILED. 1 passed\nnext";
        let seen: Vec<_> = lines.lines().filter(|line| view.is_seen(line)).collect();
        let expected = "running 2 tests\ntest a ... ok\n\nfailures:\n\n---- b stdout ----\nwhy\n\n\
                        test result: FAILED. 1 passed\nnext";
        assert_eq!(seen.join("\n"), expected);
    }
}
