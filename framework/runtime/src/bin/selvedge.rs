//! The stock node: runs any account that has only delivery services, without Rust code.

fn main() -> std::process::ExitCode {
    selvedge_runtime::main(Vec::new())
}
