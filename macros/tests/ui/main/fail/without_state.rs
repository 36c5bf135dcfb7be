#![no_main]

extern crate self as selvedge_runtime;

/// What the runtime would do with the services.
pub fn main(_services: Vec<selvedge::Service>) -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}

mod program {
    selvedge::main!(crate::handlers::counted, crate::handlers::site, crate::handlers::site => 1);
}

mod handlers {
    use selvedge::prelude::*;

    #[edge_handler]
    pub async fn counted(State(_count): State<u64>) -> StatusCode {
        StatusCode::OK
    }

    #[edge_handler(router)]
    pub fn site() -> Router<u64> {
        Router::new()
    }
}

