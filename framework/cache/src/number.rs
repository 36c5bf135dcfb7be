//! Lengths as they stand before texts that are kept: seven bits a byte, so that a short one takes one byte.

use std::io::Write;

/// Writes a number, the lowest bits first; all but its last byte have the eighth bit set.
pub(crate) fn write_number(text: &mut impl Write, mut number: usize) {
    // Writing to memory cannot fail where there is room.
    let mut push = |byte: u8| drop(text.write_all(&[byte]));
    while number >= 0x80 {
        push(number as u8 | 0x80);
        number >>= 7;
    }
    push(number as u8);
}

/// Reads a number and moves behind it; `None` where none is there. Nearly all take one byte.
#[inline(always)]
pub(crate) fn read_number(rest: &mut &[u8]) -> Option<usize> {
    match *rest.split_off_first()? {
        short @ ..0x80 => Some(usize::from(short)),
        low => read_more(rest, usize::from(low & 0x7f)),
    }
}

/// Reads the rest of a number that begins with these bits.
fn read_more(rest: &mut &[u8], low: usize) -> Option<usize> {
    let (mut number, mut shift) = (low, 7);
    while shift < usize::BITS {
        let byte = *rest.split_off_first()?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_was_written() {
        for number in [0, 1, 127, 128, 16_383, 16_384, usize::MAX - 1, usize::MAX] {
            let mut text = Vec::new();
            write_number(&mut text, number);
            let mut rest = text.as_slice();
            assert_eq!((read_number(&mut rest), rest), (Some(number), &[][..]));
            assert_eq!(read_number(&mut &text[..text.len() - 1]), None);
        }
    }
}
