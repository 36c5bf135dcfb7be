//! A newspaper in two services: `site` programs the cache in front of `press`.
//!
//! The press is a careless origin: it sets cookies, says nothing about freshness, and fails on an
//! empty article. All of that is the site's to deal with, before anything is stored.

use std::time::Duration;

use http_body_util::BodyExt as _;
use selvedge::{cache::Candidate, model::key::SurrogateKey, prelude::*};

pub mod press;

/// How long an article is fresh.
const FRESH: Duration = Duration::from_secs(300);
/// How long after that it may be shown while a new copy is fetched.
const WHILE_REVALIDATE: Duration = Duration::from_secs(60);
/// How long after that it may be shown when there is no new copy to be had.
const IF_ERROR: Duration = Duration::from_secs(3600);
/// How long it is remembered that there is no such article.
const MISSING: Duration = Duration::from_secs(10);

/// Where articles come from.
#[backend("press")]
pub struct Press;

/// One mark for each visit, by article.
#[kv_store("visits", value = Text)]
pub struct Visits;

/// The newspaper's public face.
#[edge_handler(router, needs(Press, Visits))]
pub fn site() -> Router {
    Router::new()
        .route("/articles/{name}", get(read).put(write))
        .route("/articles", delete(recall))
        .route("/visits/{name}", get(count))
}

/// An article, from the cache where it can be.
async fn read(
    press: Press,
    visits: Visits,
    after: After,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response> {
    let Some(tag) = tag(&name) else { return Ok(unnamed()) };
    let choice = Cache::ttl(FRESH)
        .stale_while_revalidate(WHILE_REVALIDATE)
        .stale_if_error(IF_ERROR)
        .surrogate_keys(["articles", tag.as_str()]);
    let request = request.cache(choice).before_send(anonymous).after_send(printed);
    after.spawn(async move {
        // A visit that is not counted is nobody's trouble.
        let _ = visits.put(&name, &"|".to_owned()).append().await;
    });
    press.send(request).await
}

/// A new text for an article, and the old one purged: softly where the old one may stand in while
/// the press is down.
async fn write(
    press: Press,
    purge: Purge,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response> {
    // Asked first: what cannot be purged must not have been printed already.
    let Some(tag) = tag(&name) else { return Ok(unnamed()) };
    let answer = press.send(request.cache(Cache::Pass)).await?;
    purge.soft_surrogate_key(tag.as_str()).await?;
    Ok(answer)
}

/// Every article, gone at once: the lawyers called.
async fn recall(purge: Purge) -> Result<StatusCode> {
    purge.surrogate_key("articles").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How often an article was read.
async fn count(visits: Visits, Path(name): Path<String>) -> Result<String> {
    let marks = visits.get(&name).await?.unwrap_or_default();
    Ok(format!("{}\n", marks.len()))
}

/// The press prints the same for everybody, so it need not know who asks.
fn anonymous(request: &mut Request) -> Result<()> {
    request.headers_mut().remove(header::COOKIE);
    Ok(())
}

/// What is printed is cleaned before it is stored. An error is no article: an old one is better.
fn printed(candidate: &mut Candidate) -> Result<()> {
    match candidate.status() {
        status if status.is_server_error() => {
            return Err(Error::new(Refusal::ResponseInvalid, format!("the press said {status}")));
        }
        StatusCode::NOT_FOUND => candidate.set_ttl(MISSING),
        _ => candidate.set_body_transform(without_digits),
    }
    candidate.headers_mut().remove(header::SET_COOKIE);
    Ok(())
}

/// Nobody's telephone number lies in the cache.
fn without_digits(body: Body) -> Body {
    let blank = |byte: u8| if byte.is_ascii_digit() { b'x' } else { byte };
    Body::new(body.map_frame(move |frame| {
        frame.map_data(|data| data.iter().copied().map(blank).collect::<Bytes>())
    }))
}

/// The tag of one article. Whoever asks chooses the name, so it may be one that makes no tag.
fn tag(name: &str) -> Option<SurrogateKey> {
    SurrogateKey::new(format!("article-{name}")).ok()
}

/// What is told to whoever chose such a name: it is their mistake, not the site's.
fn unnamed() -> Response {
    let text = "an article's name is up to 1016 bytes of visible ASCII, without spaces\n";
    (StatusCode::BAD_REQUEST, text).into_response()
}
