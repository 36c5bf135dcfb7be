//! Printing that never fails: a closed pipe must not turn into a panic, or into an orphaned child.

use std::io::Write;

use crate::failure::Failure;

/// A line for the one who reads the result.
pub(crate) fn out(line: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    // A reader that went away is no reason to stop working.
    drop(writeln!(out, "{}", line.as_ref()).and_then(|()| out.flush()));
}

/// A line for the one who watches the work.
pub(crate) fn note(line: impl AsRef<str>) {
    // As above.
    drop(writeln!(std::io::stderr().lock(), "{}", line.as_ref()));
}

/// A failure with its hint on a line of its own.
pub(crate) fn error(failure: &Failure) {
    note(format!("error: {}", failure.what));
    if let Some(hint) = &failure.hint {
        note(format!("  hint: {hint}"));
    }
}
