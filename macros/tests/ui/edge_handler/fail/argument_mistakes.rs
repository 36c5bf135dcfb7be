use selvedge::prelude::*;

#[edge_handler(path("/x"))]
async fn a() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path: "/x")]
async fn b() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(needs = (Users))]
async fn c() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(router = true)]
fn d() -> Router {
    Router::new()
}

#[edge_handler(chain_auth("a", "b"))]
async fn e() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(chain_auth(config: "a", secrets = "b"))]
async fn f() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(state(App))]
async fn g() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = "/a" needs(X))]
async fn h() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(needs())]
async fn i() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(needs[Users])]
async fn j() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(crate = "selvedge")]
async fn k() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(Path = "/x", pth = "/y", needs(A,,B))]
async fn m() -> StatusCode {
    StatusCode::OK
}

#[edge_handler("/x", 5, path = 'x', path = "/{}/{id}/{id}", path = x!())]
async fn n() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(,)]
async fn o() -> StatusCode {
    StatusCode::OK
}

fn main() {}
