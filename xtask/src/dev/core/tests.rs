//! The dev server's decisions, as scripts of events and the actions that must follow.

use super::{Action, Core, Event, Exit, Fresh};
use crate::dev::report::Report;

/// Plays events; returns the actions of the last one.
fn after(events: Vec<Event>) -> Vec<Action> {
    let (mut core, mut actions) = Core::start();
    for event in events {
        actions = core.on(event);
    }
    actions
}

fn serving() -> Vec<Event> {
    vec![Event::ManifestGood, Event::Built(Fresh::New), Event::OriginReady, Event::NodeReady]
}

fn then(mut events: Vec<Event>, more: impl IntoIterator<Item = Event>) -> Vec<Action> {
    events.extend(more);
    after(events)
}

fn edit() -> Event {
    Event::Changed("src/lib.rs".into())
}

#[test]
fn the_first_round_in_order() {
    let (mut core, first) = Core::start();
    assert_eq!(first, [Action::CheckManifest]);
    assert_eq!(core.on(Event::ManifestGood), [Action::Build]);
    assert_eq!(core.on(Event::Built(Fresh::New)), [Action::StopNode, Action::StartOrigin]);
    assert_eq!(core.on(Event::OriginReady), [Action::StartNode]);
    assert_eq!(core.on(Event::NodeReady), []);
}

#[test]
fn a_first_start_that_fails_leaves() {
    let built = || vec![Event::ManifestGood, Event::Built(Fresh::New)];
    let started = || [built(), vec![Event::OriginReady]].concat();
    let scripts = [
        (vec![Event::ManifestRefused("m".into())], Report::ManifestRefused("m".into())),
        (
            vec![Event::ManifestGood, Event::BuildFailed("b".into())],
            Report::BuildFailed("b".into()),
        ),
        (
            [built(), vec![Event::OriginEnded("o".into())]].concat(),
            Report::OriginFailed("o".into()),
        ),
        ([started(), vec![Event::NodeEnded("n".into())]].concat(), Report::NodeEnded("n".into())),
    ];
    for (events, report) in scripts {
        let expected = [Action::Say(report), Action::Leave(Exit::NeverServed)];
        assert_eq!(after(events.clone()), expected, "{events:?}");
    }
}

#[test]
fn a_failure_keeps_the_last_good_build() {
    let refused = Event::ManifestRefused("m".into());
    let failed = Event::BuildFailed("b".into());
    let still = Action::Say(Report::StillServing);
    assert_eq!(
        then(serving(), [edit(), refused]),
        [Action::Say(Report::ManifestRefused("m".into())), still.clone()]
    );
    assert_eq!(
        then(serving(), [edit(), Event::ManifestGood, failed]),
        [Action::Say(Report::BuildFailed("b".into())), still]
    );
}

#[test]
fn a_good_change_swaps_and_the_same_build_does_not() {
    assert_eq!(
        then(serving(), [edit(), Event::ManifestGood, Event::Built(Fresh::New)]),
        [Action::StopNode, Action::StartOrigin]
    );
    assert_eq!(
        then(serving(), [edit(), Event::ManifestGood, Event::Built(Fresh::Same)]),
        [Action::Say(Report::NothingNew)]
    );
}

#[test]
fn a_change_during_a_round_begins_another() {
    let again = [Action::Say(Report::ChangedMeanwhile), Action::CheckManifest];
    assert_eq!(then(serving(), [edit(), Event::ManifestGood, edit()]), []);
    assert_eq!(
        then(serving(), [edit(), Event::ManifestGood, edit(), Event::Built(Fresh::New)]),
        again
    );
    // The mistake was mended while the first build ran: no reason to leave.
    let mended = vec![Event::ManifestGood, edit(), Event::BuildFailed("b".into())];
    assert_eq!(after(mended)[1..], again);
    // While the origin starts, the node still starts; then the next round begins.
    let swapping = [edit(), Event::ManifestGood, Event::Built(Fresh::New), edit()];
    let mut events = serving();
    events.extend(swapping);
    events.push(Event::OriginReady);
    let actions = after(events);
    assert_eq!(actions[0], Action::StartNode);
    assert_eq!(actions[1..], again);
}

#[test]
fn a_node_that_ends_is_started_again_by_a_change() {
    let ended = Event::NodeEnded("n".into());
    assert_eq!(
        then(serving(), [ended.clone()]),
        [Action::Say(Report::NodeEnded("n".into())), Action::Say(Report::WaitingForChange)]
    );
    assert_eq!(
        then(serving(), [ended.clone(), edit(), Event::ManifestGood, Event::Built(Fresh::Same)]),
        [Action::StopNode, Action::StartOrigin]
    );
    // In the middle of a build: said, and the build goes on.
    assert_eq!(then(serving(), [edit(), ended]), [Action::Say(Report::NodeEnded("n".into()))]);
}

#[test]
fn an_origin_that_ends_is_said() {
    assert_eq!(
        then(serving(), [Event::OriginEnded("o".into())]),
        [Action::Say(Report::OriginGone("o".into()))]
    );
}

#[test]
fn stop_leaves_from_everywhere() {
    let leave = [Action::Leave(Exit::Asked)];
    let script = [serving(), vec![edit(), Event::ManifestGood, Event::Built(Fresh::New)]].concat();
    for length in 0..=script.len() {
        assert_eq!(then(script[..length].to_vec(), [Event::Stop]), leave);
    }
}
