//! Why a task stopped, in words for the person who typed it.

/// What went wrong and, where there is something to do about it, a hint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// One sentence in lower case without a full stop.
    pub(crate) what: String,
    /// What to do now.
    pub(crate) hint: Option<String>,
}

/// The result of a step of a task.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Turns an operating system's refusal into a failure that says what was being done.
pub(crate) trait While<T> {
    /// `doing` continues the sentence "cannot ...".
    fn or_cannot(self, doing: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T, E: std::fmt::Display> While<T> for Result<T, E> {
    fn or_cannot(self, doing: impl FnOnce() -> String) -> Outcome<T> {
        self.map_err(|error| Failure::new(format!("cannot {}: {error}", doing())))
    }
}
