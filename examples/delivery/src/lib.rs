//! What stands behind the rules: pages that say what of a request has reached them. Two services of the account run this
//! one handler, as two machines of a company would.

use selvedge::prelude::*;

/// A page with a place for the news, which everybody shares for a minute, and for what is not there today.
const TEMPLATE: &str = "<h1>welcome</h1>\n<esi:include src=\"/docs/news\"/><esi:remove>no news</esi:remove>\
                        <esi:include src=\"/none\" onerror=\"continue\"/>";

/// Shows the service, the path and the device; sets a cookie that no cache should keep.
#[edge_handler]
pub async fn pages(place: Place, request: Request) -> Response {
    let device = request.headers().get("x-device").and_then(|device| device.to_str().ok());
    let device = device.unwrap_or("any device");
    let path = request.uri().path();
    if path.starts_with("/none") {
        return (StatusCode::NOT_FOUND, "stack trace: no such page\n").into_response();
    }
    let cookie = [(header::SET_COOKIE, "session=1"), (header::CACHE_CONTROL, "max-age=60")];
    if path.starts_with("/page/") {
        return (cookie, TEMPLATE).into_response();
    }
    (cookie, format!("{path} by {} for {device}\n", place.service)).into_response()
}
