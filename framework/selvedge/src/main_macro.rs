//! `selvedge::main!`: a program that runs services.

/// Makes `fn main` of a program that runs these services:
/// `selvedge::main!(shop::storefront, shop::catalog => App::new());`
///
/// Each path names a function marked [`edge_handler`](macro@crate::edge_handler); what stands after
/// `=>` is the state of a handler that takes `State`. Natively the program is a node, and its crate
/// depends on `selvedge-runtime`. There is no entry point for wasm yet.
#[macro_export]
macro_rules! main {
    () => {
        fn main() {
            ::core::compile_error!("`main!` runs at least one service: `selvedge::main!(path::to::handler)`");
        }
    };
    ($($service:path $(=> $state:expr)?),+ $(,)?) => {
        #[cfg(not(target_arch = "wasm32"))]
        fn main() -> ::std::process::ExitCode {
            ::selvedge_runtime::main(::std::vec![
                $(<$service>::service()$(.with_state($state))?),+
            ])
        }

        #[cfg(target_arch = "wasm32")]
        fn main() {
            ::core::compile_error!("the wasm entry point is not supported yet");
        }
    };
}
