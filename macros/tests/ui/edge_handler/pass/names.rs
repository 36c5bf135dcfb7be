//! A binding and a handler may have any name, also one that the expansion might want for itself.

#![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

mod short {
    use selvedge::prelude::*;

    #[kv_store("users")]
    pub struct S;

    #[edge_handler]
    pub async fn u8(_store: S) -> &'static str {
        "well"
    }
}

mod fields {
    use selvedge::prelude::*;

    #[config_store("config")]
    pub struct S {
        pub greeting: String,
    }

    #[edge_handler]
    pub async fn str(_flags: S) -> StatusCode {
        StatusCode::OK
    }
}

mod others {
    use selvedge::prelude::*;

    pub mod secret {
        use selvedge::prelude::*;

        #[secret_store("secrets")]
        pub struct S;
    }

    pub mod list {
        use selvedge::prelude::*;

        #[acl("friends")]
        pub struct S;
    }

    #[backend("catalog")]
    pub struct S;

    #[edge_handler]
    pub fn usize(_backend: S, _secret: secret::S, _list: list::S) -> StatusCode {
        StatusCode::OK
    }
}

mod constants {
    use selvedge::prelude::*;

    const head: i32 = 1;
    const ctx: i32 = 2;
    const arguments: i32 = 3;
    const value: i32 = 4;
    static _state: i32 = 5;

    #[config_store("config")]
    pub struct Flags {
        pub limit: u32,
    }

    #[edge_handler]
    pub async fn service(_flags: Flags, _request: Request) -> StatusCode {
        StatusCode::OK
    }
}

mod refusable {
    use selvedge::prelude::*;

    #[kv_store("users")]
    pub struct Users;

    #[edge_handler(needs(Users))]
    pub async fn refusable(_users: Result<Users>, _place: Place) -> StatusCode {
        StatusCode::OK
    }
}

mod private_state {
    use selvedge::prelude::*;

    #[derive(Clone)]
    struct App;

    #[edge_handler]
    #[allow(private_interfaces)]
    pub(crate) async fn stateful(State(_app): State<App>) -> StatusCode {
        StatusCode::OK
    }

    #[edge_handler(router)]
    #[allow(private_interfaces)]
    pub fn site() -> Router<App> {
        Router::new()
    }

    #[edge_handler]
    pub async fn of_nothing(State(_nothing): State<()>) -> StatusCode {
        StatusCode::OK
    }
}

fn main() {
    assert_eq!(short::u8::service().needs().len(), 1);
    assert_eq!(fields::str::service().needs().len(), 1);
    assert_eq!(others::usize::service().needs().len(), 3);
    assert_eq!(constants::service::service().needs().len(), 1);
    assert_eq!(refusable::refusable::service().needs().len(), 1);
    assert_eq!(private_state::of_nothing::service().name(), "of_nothing");
}
