use http::StatusCode;

use super::ErrorStatuses;

fn statuses(errors: ErrorStatuses) -> Vec<u16> {
    let all = (100..=999).filter_map(|code| StatusCode::from_u16(code).ok());
    all.filter(|status| errors.contains(*status)).map(|status| status.as_u16()).collect()
}

#[test]
fn the_errors_of_rfc_5861_are_four() {
    assert_eq!(statuses(ErrorStatuses::RFC_5861), [500, 502, 503, 504]);
    assert_eq!(statuses(ErrorStatuses::NONE), [0; 0]);
}

#[test]
fn only_server_errors_can_be_chosen() {
    let all: Vec<u16> = (500..=599).collect();
    assert_eq!(statuses(ErrorStatuses::of(0..=u16::MAX)), all);
    assert_eq!(statuses(ErrorStatuses::of([599, 404, 503, 503])), [503, 599]);
}
