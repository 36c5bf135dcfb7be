use super::*;

/// What a note leaves out is the same for the whole line, and wherever in a region a piece lies.
#[test]
fn a_note_and_the_rest_are_the_address_of_a_line() {
    for address in [0, 0x40, 0x5555_5678_9AC0, 0x7FFF_FFFF_FFC0, usize::MAX - (LINE - 1)] {
        assert_eq!(upper(address) + number(address) as usize * LINE, address, "{address:x}");
        let last = address + (LINE - 1);
        assert_eq!((upper(last), number(last)), (upper(address), number(address)), "{address:x}");
    }
}

#[test]
fn the_notes_of_a_line_lie_in_two_lines_of_memory() {
    assert_eq!((size_of::<Notes>(), align_of::<Notes>()), (3 * LINE / 2, LINE / 2));
}

/// What lies in several places, as the entries of a crowd, has no note.
#[test]
fn a_value_without_pieces_leaves_the_region_as_it_is() {
    let (mut ahead, address) = (Ahead::of(Asks::Ahead, 1), 0x7FFF_FFFF_FFC0);
    ahead.note(0, 0, Pieces { block: address, body: address });
    ahead.note(0, 1, Pieces::default());
    assert_eq!((ahead.upper, ahead.noted(0, 1)), (upper(address), Some(Note::default())));
}

/// Whatever is noted, nothing is read by it.
#[test]
fn a_note_that_is_not_true_does_no_harm() {
    let mut ahead = Ahead::of(Asks::Ahead, 1);
    for address in [0, 1, LINE, usize::MAX / 2, usize::MAX] {
        ahead.note(0, 3, Pieces { block: address, body: !address });
        ahead.come(0);
        ahead.ask(0, 3);
        assert_eq!(ahead.notes[0].0[3].block, number(address));
    }
    for (line, at) in [(0, IN_LINE), (1, 0)] {
        ahead.note(line, at, Pieces::default());
        ahead.ask(line, at);
    }
}
