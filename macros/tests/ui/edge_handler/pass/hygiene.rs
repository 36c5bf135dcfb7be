//! Nothing of the prelude's, nothing of the module's and no name of the user's is taken for ours.

#![no_implicit_prelude]
#![allow(dead_code)]

extern crate selvedge as edge;

mod inside {
    use ::edge::prelude::{Json, KvStore, State, Text};

    pub struct Result;
    pub struct Option;
    pub enum Some {}
    pub enum Ok {}
    pub mod core {}
    pub mod std {}
    pub mod selvedge {}

    #[::edge::kv_store("users", value = Json<u8>, key = u64)]
    pub struct Users;

    #[::edge::config_store("config", crate = ::edge)]
    pub struct r#Flags {
        pub r#type: u8,
        #[config(default = "hello")]
        pub greeting: ::std::string::String,
    }

    #[::edge::secret_store("secrets", crate = edge)]
    pub struct Secrets {
        pub r#in: ::edge::store::secret::Secret,
    }

    #[::edge::backend("catalog", crate = ::edge)]
    pub struct Catalog;

    #[::edge::edge_handler(crate = ::edge, needs(Catalog))]
    pub async fn r#async(
        _users: Users,
        _state: State<u8>,
        #[::edge::kv_store("others")] head: KvStore<Text>,
        body: Flags,
    ) -> &'static str {
        let (_, _) = (head, body);
        "well"
    }

    #[::edge::edge_handler]
    pub fn r#match(request: ::edge::Request) -> ::std::string::String {
        ::std::string::ToString::to_string(request.uri())
    }

    use ::edge;
}

fn main() {
    #[::edge::backend("origin")]
    struct Origin;

    #[::edge::edge_handler]
    async fn local(_origin: Origin) -> &'static str {
        "well"
    }

    ::std::assert_eq!(local::service().name(), "local");
    ::std::assert_eq!(inside::r#async::service().with_state(0).needs().len(), 4);
    ::std::assert_eq!(inside::r#match::service().name(), "match");
}
