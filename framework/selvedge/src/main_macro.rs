//! `selvedge::main!`: a program that runs services.

/// Makes `fn main` of a program that runs these services:
/// `selvedge::main!(shop::storefront, shop::catalog => App::new());`
///
/// Each path names a function marked [`edge_handler`](macro@crate::edge_handler); what stands after
/// `=>` is the state of a handler that takes `State`. Natively the program is a node, and its crate
/// depends on `selvedge-runtime`. For `wasm32-wasip1` it is a program for Fastly Compute, which is one service:
/// of several paths the environment variable `SELVEDGE_HANDLER` names the one, by its last word, when the program is
/// built. See [`fastly_compute`](crate::fastly_compute).
#[macro_export]
macro_rules! main {
    // Each path is read as a type, because rustc says where a type stands and not where a path does.
    (@service $service:ty) => {
        $crate::__private::alone::<$service, _>(<$service>::service())
    };
    (@service $service:ty => $state:expr) => {
        <$service>::service().with_state($state)
    };
    () => {
        fn main() {
            ::core::compile_error!("`main!` runs at least one service: `selvedge::main!(path::to::handler)`");
        }
    };
    ($($service:ty $(=> $state:expr)?),+ $(,)?) => {
        #[cfg(not(target_arch = "wasm32"))]
        fn main() -> ::std::process::ExitCode {
            ::selvedge_runtime::main(::std::vec![
                $($crate::main!(@service $service $(=> $state)?)),+
            ])
        }

        #[cfg(all(target_arch = "wasm32", target_os = "wasi"))]
        fn main() {
            const CHOSEN: usize = $crate::__private::chosen(
                &[$(::core::stringify!($service)),+],
                ::core::option_env!("SELVEDGE_HANDLER"),
            );
            let services: [fn() -> $crate::Service; _] = [
                $(|| $crate::main!(@service $service $(=> $state)?)),+
            ];
            $crate::host::fastly::run(&services[CHOSEN]());
        }

        #[cfg(all(target_arch = "wasm32", not(target_os = "wasi")))]
        fn main() {
            ::core::compile_error!("for wasm, `main!` makes programs for Fastly Compute: the target is `wasm32-wasip1`");
        }
    };
}
