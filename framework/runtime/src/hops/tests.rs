use http::HeaderValue;

use super::*;

fn name(text: &str) -> ServiceName {
    ServiceName::new(text).unwrap()
}

fn node() -> NodeId {
    NodeId::of(7)
}

fn manifest() -> Manifest {
    let text = "manifest_version = 1\nname = 'm'\n[pops.LHR]\n[services.a]\ntype = 'compute'\n\
                handler = 'a'\ndomains = ['a.example']";
    Manifest::parse(text).0.unwrap()
}

fn walk(services: &[&str]) -> Result<Hops, Error> {
    let pop = PopName::new("LHR").unwrap();
    services.iter().try_fold(Hops::default(), |hops, service| {
        let hops = hops.visit(&name(service), &pop, Way::Entered);
        hops.check(&manifest(), &[]).map(|()| hops)
    })
}

#[test]
fn twenty_hops_pass_and_the_next_is_a_loop() {
    assert_eq!(walk(&["a"; 20]).unwrap().count(), 20);
    let error = walk(&["a"; 21]).unwrap_err();
    assert_eq!(error.refusal(), Refusal::LoopDetected);
    assert!(error.detail().contains("a -> a"), "{error}");
}

#[test]
fn six_services_pass_and_the_next_is_a_loop() {
    assert!(walk(&["a", "b", "c", "d", "e", "f", "a"]).is_ok());
    assert!(walk(&["a", "b", "c", "d", "e", "f", "g"]).is_err());
}

#[test]
fn our_tokens_in_cdn_loop_count_and_others_do_not() {
    for (lines, expected) in [
        (vec!["selvedge"], 1),
        (vec!["selvedge, other, SELVEDGE;v=1"], 2),
        (vec!["selvedge", "selvedge"], 2),
        (vec!["selvedge-not, xselvedge, \"selvedge\""], 0),
        (vec![",,,"], 0),
        (vec!["selvedge;node=0000000000000007, selvedge; node=\"0000000000000008\""], 2),
    ] {
        let mut headers = HeaderMap::new();
        for line in &lines {
            headers.append(CDN_LOOP, HeaderValue::from_str(line).unwrap());
        }
        assert_eq!(
            Hops::from_stranger(&headers, &node(), &Abroad::default()).count(),
            expected,
            "{lines:?}"
        );
    }
}

#[test]
fn a_request_that_passed_us_twenty_times_is_not_taken_in() {
    let mut headers = HeaderMap::new();
    (0..20).for_each(|_| mark(&mut headers, &node(), None));
    let hops = Hops::from_stranger(&headers, &node(), &Abroad::default());
    assert!(
        hops.visit(&name("a"), &PopName::new("LHR").unwrap(), Way::Entered)
            .check(&manifest(), &[])
            .is_err()
    );
}

#[test]
fn a_request_that_has_passed_this_node_descends_from_any_of_its_flights() {
    for (line, returned) in [
        ("selvedge;node=0000000000000007", true),
        ("other, SELVEDGE ; a=b ; NODE=\"0000000000000007\"", true),
        ("selvedge;node=0000000000000008", false),
        ("selvedge;node=000000000000000", false),
        ("selvedge;node=00000000000000077", false),
        ("selvedge;nodes=0000000000000007", false),
        ("selvedge;0000000000000007", false),
        ("other;node=0000000000000007", false),
        ("selvedge", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.append(CDN_LOOP, HeaderValue::from_static(line));
        let hops = Hops::from_stranger(&headers, &node(), &Abroad::default());
        assert_eq!(hops.have_returned(), returned, "{line}");
        assert_eq!(hops.flights().contains(&FlightId::ANY), returned, "{line}");
    }
}

/// What is said of a request that has come back, of a service with these backends.
fn said(backends: &str) -> String {
    let text = format!(
        "manifest_version = 1\nname = 'm'\n[pops.LHR]\n[services.a]\ntype = 'delivery'\n\
         domains = ['a.example']\n{backends}"
    );
    let manifest = Manifest::parse(&text).0.unwrap();
    let mut headers = HeaderMap::new();
    (0..20).for_each(|_| mark(&mut headers, &node(), None));
    let hops = Hops::from_stranger(&headers, &node(), &Abroad::default());
    let hops = hops.visit(&name("a"), &PopName::new("LHR").unwrap(), Way::Entered);
    hops.check(&manifest, &[7676]).unwrap_err().detail().to_owned()
}

#[test]
fn a_backend_that_leads_to_the_node_itself_is_named() {
    let text = said("backends.me = { url = 'http://127.0.0.1:7676' }");
    assert!(text.contains("after 20 hops in other requests, this node among them"), "{text}");
    assert!(
        text.contains("backend `me` of `a` leads to this node itself, 127.0.0.1:7676"),
        "{text}"
    );
    assert!(text.contains("the Host that `a` was asked for"), "{text}");
    let text = said("backends.me = { url = 'http://localhost:7676', override_host = 'x.example' }");
    assert!(text.contains("with the Host x.example"), "{text}");
    let text = said("backends.origin = { url = 'http://127.0.0.1:9000' }");
    assert!(!text.contains("backend"), "{text}");
}

#[test]
fn pops_and_visits_are_counted_by_what_is_different() {
    let (lhr, iad) = (PopName::new("LHR").unwrap(), PopName::new("IAD").unwrap());
    let hops = Hops::default().visit(&name("a"), &lhr, Way::Entered).visit(
        &name("a"),
        &iad,
        Way::Shielded,
    );
    assert_eq!((hops.pops(), hops.visits_before(), hops.count()), (2, 1, 2));
    let hops = hops.visit(&name("b"), &iad, Way::Entered);
    assert_eq!((hops.pops(), hops.visits_before(), hops.count()), (2, 0, 3));
    assert_eq!((Hops::default().pops(), Hops::default().visits_before()), (0, 0));
}
