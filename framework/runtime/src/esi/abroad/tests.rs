use std::sync::Arc;

use selvedge_model::{
    id::ServiceId,
    limits::{ESI_DEPTH_MAX, ESI_INCLUDES_MAX},
};

use super::{Abroad, Nest};
use crate::esi::nest::Refused;

fn service() -> ServiceId {
    ServiceId::parse(&"a".repeat(22)).unwrap()
}

fn inside(nest: &Nest, target: &str) -> Nest {
    nest.inside(&service(), "a.example", target)
}

fn take(nest: &Nest, target: &str) -> Result<(), Refused> {
    nest.take(&service(), "a.example", target)
}

/// What a fragment of this page is when it has come back.
fn returned(abroad: &Arc<Abroad>, page: &Nest) -> Nest {
    abroad.find(page.number(abroad).unwrap())
}

#[test]
fn what_comes_back_is_in_the_same_pages_and_shares_their_includes() {
    let abroad = Arc::new(Abroad::default());
    let page = inside(&Nest::default(), "/page");
    let fragment = inside(&returned(&abroad, &page), "/fragment");
    assert_eq!(take(&fragment, "/page"), Err(Refused::Loop));
    assert!((0..ESI_INCLUDES_MAX).all(|_| take(&fragment, "/x").is_ok()));
    assert_eq!(
        (take(&page, "/x"), take(&fragment, "/x")),
        (Err(Refused::Count), Err(Refused::Count))
    );
}

#[test]
fn rounds_through_the_network_are_as_deep_as_others() {
    let abroad = Arc::new(Abroad::default());
    let mut page = inside(&Nest::default(), "/0");
    for depth in 1..=ESI_DEPTH_MAX {
        assert_eq!(take(&page, "/x"), Ok(()), "{depth}");
        page = inside(&returned(&abroad, &page), &format!("/{depth}"));
    }
    assert_eq!(take(&page, "/x"), Err(Refused::Depth));
}

#[test]
fn an_unknown_number_is_that_of_a_page_without_includes() {
    let abroad = Arc::new(Abroad::default());
    assert_eq!(Nest::default().number(&abroad), None, "what is in no page has none");
    for number in [0, 1, u64::MAX] {
        assert_eq!(take(&inside(&abroad.find(number), "/page"), "/x"), Err(Refused::Count));
    }
}

#[test]
fn a_page_is_forgotten_when_it_ends_and_has_one_number_till_then() {
    let abroad = Arc::new(Abroad::default());
    let page = inside(&Nest::default(), "/page");
    let number = page.number(&abroad).unwrap();
    assert_eq!(page.clone().number(&abroad), Some(number));
    let fragment = abroad.find(number);
    drop(page);
    assert_eq!(abroad.count(), 1, "a fragment of it is under way");
    drop(fragment);
    assert_eq!(abroad.count(), 0);
    assert_eq!(take(&inside(&abroad.find(number), "/page"), "/x"), Err(Refused::Count));
}
