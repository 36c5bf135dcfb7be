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

selvedge::main!(handlers::counted, handlers::site, handlers::site => 1);
