//! The macros as their users meet them: what compiles, and what is said about what does not.
//!
//! Each file under `ui` is a case, in the folder of its topic. `TRYBUILD=overwrite cargo test -p
//! selvedge-macros` writes the expected messages anew; read them before they are kept.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod spans;

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/*/pass/*.rs");
    cases.compile_fail("tests/ui/*/fail/*.rs");
}
