//! Platform.md section 6.5: what a handler makes of a response goes for those who wait, too. What a candidate shows and
//! takes is tested in `programmed/candidate.rs`.

use http_body_util::BodyExt;
use selvedge::{Binding, Error, Refusal, Service, cache::Candidate, prelude::*};
use selvedge_testkit::{Gate, Reply, ok, status};

use crate::site::{Client, PROFILES, Site, all, rest};

#[backend("origin")]
struct Origin;

/// A service whose handler changes each candidate.
fn changing(change: fn(&mut Candidate) -> selvedge::Result<()>) -> Service {
    let answer = move |origin: Origin, request: Request| async move {
        origin.send(request.after_send(change)).await
    };
    Service::new("site", Router::new().fallback(answer), vec![Origin::NEED])
}

/// A crowd of three that the origin answers one by one, when its gates are opened; says how many requests it has got
/// after each.
async fn crowd_of(site: Site, reply: Reply) -> (Vec<usize>, Vec<Client>) {
    let gates = [Gate::closed(), Gate::closed()];
    let replies = [reply.clone().held(&gates[0]), reply.held(&gates[1])];
    let site = site.replying(replies);
    let crowd = site.crowd(3).await;
    let mut requests = vec![site.asked()];
    for gate in &gates {
        gate.open();
        rest().await;
        requests.push(site.asked());
    }
    (requests, crowd)
}

#[tokio::test]
async fn a_decision_to_store_or_not_wakes_the_waiters_as_it_says() {
    type Change = fn(&mut Candidate) -> selvedge::Result<()>;
    let changes: [(&str, Change, [usize; 3]); 4] = [
        (
            "cacheable",
            |it| {
                it.set_cacheable();
                it.set_ttl(std::time::Duration::from_secs(9));
                Ok(())
            },
            [1, 1, 1],
        ),
        (
            "uncacheable, recorded",
            |it| {
                it.set_uncacheable(true);
                Ok(())
            },
            [1, 3, 3],
        ),
        (
            "uncacheable",
            |it| {
                it.set_uncacheable(false);
                Ok(())
            },
            [1, 2, 3],
        ),
        ("refused", |_| Err(Error::new(Refusal::ResponseInvalid, "no")), [1, 2, 3]),
    ];
    for profile in PROFILES {
        for (name, change, expected) in changes {
            let site = Site::run_by(profile, changing(change)).await;
            let (requests, crowd) = crowd_of(site, ok("a").max_age(60)).await;
            assert_eq!(requests, expected, "{profile} {name}");
            let code = if name == "refused" { 502 } else { 200 };
            assert!(all(crowd).await.iter().all(|seen| seen.status == code), "{profile} {name}");
        }
    }
}

/// Puts a body into capitals.
fn loud(body: Body) -> Body {
    Body::new(body.map_frame(|frame| frame.map_data(|data| data.to_ascii_uppercase().into())))
}

#[tokio::test]
async fn all_read_the_transformed_body_and_its_length_is_not_declared() {
    for profile in PROFILES {
        let site = Site::run_by(
            profile,
            changing(|it| {
                it.set_body_transform(loud);
                Ok(())
            }),
        )
        .await;
        let gate = Gate::closed();
        let reply = ok("").chunks(["one".into(), "two".into()]).max_age(60).held(&gate);
        let site = site.replying([reply]);
        let crowd = site.crowd(2).await;
        gate.allow(2);
        let mut late = site.read().await;
        assert_eq!(late.head.header("content-length"), "", "{profile}");
        assert_eq!(late.next().await.as_deref(), Some("ONE"), "{profile}");
        gate.open();
        assert_eq!(late.next().await.as_deref(), Some("TWO"), "{profile}");
        assert!(all(crowd).await.iter().all(|seen| seen.text == "ONETWO"), "{profile}");
        assert_eq!(site.see().await.header("content-length"), "6", "{profile}");
    }
}

/// Whose client waits for it is told that it was the service's fault; one of the others tries.
#[tokio::test]
async fn a_panic_is_the_services_fault() {
    for profile in PROFILES {
        let service = changing(|_| panic!("a hook of a test"));
        let site = Site::run_by(profile, service).await;
        let (requests, crowd) = crowd_of(site, ok("a").max_age(60)).await;
        assert_eq!(requests, [1, 2, 3], "{profile}");
        for seen in all(crowd).await {
            let said = (seen.status, seen.header("error-reason"));
            assert_eq!(said, (500, "handler panicked"), "{profile}");
        }
    }
}

/// An error of the handler's counts as one of the origin: stale for all, inside the window.
#[tokio::test]
async fn an_error_serves_stale_to_all() {
    let refuse: fn(&mut Candidate) -> selvedge::Result<()> = |it| match it.status().as_u16() {
        503 => Err(Error::new(Refusal::ResponseInvalid, "the origin is in trouble")),
        _ => Ok(()),
    };
    for profile in PROFILES {
        let gate = Gate::closed();
        let first = ok("old").header("cache-control", "max-age=60, stale-if-error=30");
        let site = Site::run_by(profile, changing(refuse)).await;
        let site = site.replying([first, status(503).held(&gate)]);
        site.see().await;
        site.wait(90).await;
        let crowd = site.crowd(3).await;
        gate.open();
        for seen in all(crowd).await {
            assert_eq!((seen.status, seen.text.as_str()), (200, "old"), "{profile}");
            assert!(seen.how().ends_with("detail=stale-if-error"), "{profile} {}", seen.how());
        }
        assert_eq!(site.asked(), 2, "{profile}");
    }
}

#[tokio::test]
async fn vary_that_the_handler_adds_counts_for_those_who_wait() {
    for profile in PROFILES {
        let service = changing(|it| {
            it.append_vary(http::header::ACCEPT_LANGUAGE);
            Ok(())
        });
        let gate = Gate::closed();
        let replies = ["hallo", "hello"].map(|text| ok(text).max_age(60).held(&gate));
        let site = Site::run_by(profile, service).await.replying(replies);
        let ask = |language| site.ask(crate::site::get("/", &[("accept-language", language)]));
        let crowd = vec![ask("de"), ask("de"), ask("en"), ask("en")];
        rest().await;
        assert_eq!(site.asked(), 1, "{profile}");
        gate.open();
        let texts: Vec<String> = all(crowd).await.into_iter().map(|seen| seen.text).collect();
        assert_eq!(texts, ["hallo", "hallo", "hello", "hello"], "{profile}");
        assert_eq!(site.asked(), 2, "{profile}");
    }
}
