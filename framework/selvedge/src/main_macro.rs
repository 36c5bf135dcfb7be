//! `selvedge::main!`: a program that runs services.

/// Makes `fn main` of a program that runs these services: `selvedge::main!(shop::storefront);`
///
/// Each path names a function marked [`edge_handler`](macro@crate::edge_handler). Natively the
/// program is a node, and its crate depends on `selvedge-runtime`. The entry point for wasm is not
/// supported yet, nor is state after `=>`.
#[macro_export]
macro_rules! main {
    ($($service:path),+ $(,)?) => {
        #[cfg(not(target_arch = "wasm32"))]
        fn main() -> ::std::process::ExitCode {
            ::selvedge_runtime::main(::std::vec![$(<$service>::service()),+])
        }

        #[cfg(target_arch = "wasm32")]
        fn main() {
            ::core::compile_error!("the wasm entry point is not supported yet");
        }
    };
    ($($service:path $(=> $state:expr)?),+ $(,)?) => {
        fn main() {
            ::core::compile_error!(
                "state after `=>` is not supported yet; use a router handler and `Router::with_state`"
            );
        }
    };
    () => {
        fn main() {
            ::core::compile_error!("`main!` runs at least one service: `selvedge::main!(path::to::handler)`");
        }
    };
}
