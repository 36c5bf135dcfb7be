use selvedge::prelude::*;

struct Stranger;

macro_rules! handler {
    ($name:ident, $ty:ty, $path:literal) => {
        #[edge_handler(path = $path)]
        async fn $name(_one: $ty, _request: Request) -> StatusCode {
            StatusCode::OK
        }
    };
}

handler!(first, Stranger, "/first");
handler!(second, Method, "second");
handler!(r#type, Path<String>, "/{id}/");
handler!(third, Path<String>, "/third");

macro_rules! bound {
    ($link:literal, $name:ident) => {
        #[kv_store($link)]
        struct $name;
    };
}

bound!("", Empty);
bound!("users", Users);
bound!(5, Five);

fn main() {}
