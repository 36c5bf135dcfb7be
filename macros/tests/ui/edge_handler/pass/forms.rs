//! Every form of a handler.

use selvedge::prelude::*;

#[kv_store("users", value = Text)]
pub struct Users;

#[backend("catalog")]
pub struct Catalog;

#[edge_handler]
pub async fn bare() {}

#[edge_handler()]
async fn whole_request(request: Request) -> Result<Response> {
    Ok(request.uri().to_string().into_response())
}

#[edge_handler(path = "/users/{id}")]
pub async fn storefront(
    users: Users,
    _catalog: Catalog,
    Path(id): Path<String>,
    mut request: Request,
) -> Result<Response> {
    request.headers_mut().clear();
    let Some(user) = users.get(&id).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    Ok(user.into_response())
}

#[edge_handler(router, needs(Users, Catalog), chain_auth(config = "config", secrets = "secrets"))]
pub fn app() -> Router {
    Router::new().route("/", get(async |_: Users| "users"))
}

#[edge_handler]
async fn opaque(head: http::request::Parts) -> impl IntoResponse {
    (StatusCode::OK, head.method.to_string())
}

mod inner {
    use selvedge::prelude::*;

    #[edge_handler]
    pub(super) async fn r#type(_users: Option<Place2>) -> Json<u8> {
        Json(1)
    }

    pub(super) struct Place2;

    impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for Place2 {
        type Rejection = StatusCode;

        async fn from_request_parts(
            _: &mut http::request::Parts,
            _: &S,
        ) -> Result<Option<Self>, StatusCode> {
            Ok(None)
        }
    }
}

/// A macro of the user's own may write handlers: names do not collide.
macro_rules! handler {
    ($name:ident, $ty:ty) => {
        #[edge_handler]
        async fn $name(head: $ty, body: Bytes) -> String {
            format!("{head} {}", body.len())
        }
    };
}
handler!(made, Method);

macro_rules! bindings {
    ($store:ident, $codec:ty, $flags:ident, $field:ident, $ty:ty, $default:expr) => {
        #[kv_store("made", value = $codec)]
        struct $store;

        #[config_store("made")]
        struct $flags {
            #[config(default = $default)]
            $field: $ty,
        }

        #[edge_handler]
        async fn bound(_store: $store, flags: $flags) -> String {
            flags.$field.to_string()
        }
    };
}
bindings!(MadeStore, Json<u8>, MadeFlags, limit, u32, 10);

fn main() {
    let services = [
        bare::service(),
        whole_request::service(),
        storefront::service(),
        app::service(),
        opaque::service(),
        inner::r#type::service(),
        made::service(),
        bound::service(),
    ];
    let names: Vec<&str> = services.iter().map(|service| service.name()).collect();
    assert_eq!(names, ["bare", "whole_request", "storefront", "app", "opaque", "type", "made", "bound"]);
    assert_eq!(services[2].needs().len(), 2);
    assert!(services[3].chain_auth().is_some());
}
