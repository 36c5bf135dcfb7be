use selvedge_model::{
    id::ServiceId,
    limits::{ESI_DEPTH_MAX, ESI_INCLUDES_MAX},
};

use super::{Nest, Refused};

fn service(text: &str) -> ServiceId {
    ServiceId::parse(&text.repeat(22)).unwrap()
}

fn nested(depth: usize) -> Nest {
    (0..depth).fold(Nest::default(), |nest, page| {
        nest.inside(&service("a"), "a.example", &format!("/{page}"))
    })
}

#[test]
fn fragments_are_nested_so_deep_and_no_deeper() {
    let take = |nest: &Nest| nest.take(&service("a"), "a.example", "/x");
    assert_eq!(take(&nested(ESI_DEPTH_MAX)), Ok(()));
    assert_eq!(take(&nested(ESI_DEPTH_MAX + 1)), Err(Refused::Depth));
}

#[test]
fn a_page_is_no_part_of_itself() {
    let nest = nested(3);
    assert_eq!(nest.take(&service("a"), "a.example", "/1"), Err(Refused::Loop));
    assert_eq!(nest.take(&service("a"), "a.example", "/1?x"), Ok(()));
    assert_eq!(nest.take(&service("a"), "b.example", "/1"), Ok(()));
    assert_eq!(nest.take(&service("b"), "a.example", "/1"), Ok(()));
}

#[test]
fn a_page_has_so_many_includes_those_of_its_fragments_included() {
    let page = nested(1);
    let fragment = page.inside(&service("a"), "a.example", "/fragment");
    let take = |nest: &Nest| nest.take(&service("a"), "a.example", "/x");
    assert!((1..ESI_INCLUDES_MAX).all(|_| take(&page).is_ok()));
    assert_eq!(take(&fragment), Ok(()));
    assert_eq!((take(&page), take(&fragment)), (Err(Refused::Count), Err(Refused::Count)));
    assert_eq!(take(&nested(1)), Ok(()), "another page has its own");
    assert_eq!(take(&Nest::default()), Err(Refused::Count), "what is no page has none");
}
