//! Which of the services of a program is the one, where a program is one service: on Fastly Compute.

/// Which of these paths is meant, in a constant: the only one, or the one whose last word is `asked`.
///
/// # Panics
/// In a constant, as a compile error, where that is none.
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn chosen(paths: &[&str], asked: Option<&str>) -> usize {
    let asked = match asked {
        Some(asked) => asked.as_bytes(),
        None if paths.len() == 1 => return 0,
        None => panic!(
            "a program for Fastly Compute is one service: say which one, by its handler's name, in the \
             environment variable `SELVEDGE_HANDLER` when you build it"
        ),
    };
    let mut place = 0;
    while place < paths.len() {
        if ends_with_word(paths[place].as_bytes(), asked) {
            return place;
        }
        place += 1;
    }
    panic!("`SELVEDGE_HANDLER` names no handler of this `main!`")
}

/// Whether a path's last segment is this name.
const fn ends_with_word(path: &[u8], name: &[u8]) -> bool {
    if path.len() < name.len() || name.is_empty() {
        return false;
    }
    let start = path.len() - name.len();
    let mut place = 0;
    while place < name.len() {
        if path[start + place] != name[place] {
            return false;
        }
        place += 1;
    }
    start == 0 || path[start - 1] == b':' || path[start - 1] == b' '
}

#[cfg(test)]
mod tests;
