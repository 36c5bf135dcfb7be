//! What objects take in memory, compared with what is allocated for them. Both are numbers of bytes and the same in every
//! run; what an allocator adds to each allocation is counted in the accounts only, as well as that can be known.

use std::mem;

use selvedge_cache::{Entry, Fill, Shelf, StoredBody};

use crate::support::{entry, key, put};

const OBJECTS: u32 = 4_096;

/// Enough for all of them, and no more shards than are well filled then.
const BUDGET: u64 = 256 * 1024 * 1024;
const SMALL_BUDGET: u64 = 12 * 1024 * 1024;
/// The least that has more than one shard, whose tables note what lies behind an object.
const NOTING_BUDGET: u64 = 64 * 1024 * 1024;

/// A handful of lines, of 134 bytes with their names.
const LINES: [&str; 5] = [
    "Content-Type: application/octet-stream",
    "Cache-Control: max-age=3600",
    "Content-Length: 1024",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT",
    "ETag: \"0123456789abcdef\"",
];

/// For each object on a shelf of many: what was allocated, and what the accounts say.
fn each(budget: u64, make: impl Fn(&Shelf, &str) -> Entry) -> (u64, u64) {
    let shelf = Shelf::new(budget).with_max_object(1 << 20);
    let filled = allocation_counter::measure(|| {
        for number in 0..OBJECTS {
            let path = format!("/{number:030}");
            let entry = make(&shelf, &path);
            put(&shelf, key(&path), entry);
        }
    });
    let allocated = u64::try_from(filled.bytes_current).expect("not less than before");
    let (objects, used) = (u64::from(OBJECTS), shelf.used_bytes());
    (allocated / objects, used / objects)
}

fn gathered(shelf: &Shelf, len: usize) -> StoredBody {
    let mut room = shelf.room();
    assert!(room.take(len as u64));
    let mut fill = Fill::new(shelf.max_object(), Some(len as u64)).in_chunks(room.chunks());
    fill.push(&vec![7; len]).expect("as long as declared");
    StoredBody::with_charge(fill.take().expect("complete"), room.into_charge())
}

fn with_body(head: &Entry, body: StoredBody) -> Entry {
    Entry::new(head.head.copy(), body)
}

/// The accounts are never short of what is allocated, and not far above it.
fn is_true((allocated, used): (u64, u64)) {
    assert!(used >= allocated, "{used} of {allocated} bytes are accounted for");
    let above = used - allocated;
    assert!(above <= 80 + allocated / 8, "{used} for {allocated} bytes");
}

#[test]
fn the_accounts_are_true() {
    for len in [0, 1, 1_000, 16_384, 16_385, 40_000] {
        let budget = if len < 2_000 { SMALL_BUDGET } else { BUDGET };
        is_true(each(budget, |shelf, _| {
            with_body(&entry(&[], &LINES, 0, b""), gathered(shelf, len))
        }));
    }
    is_true(each(NOTING_BUDGET, |shelf, _| {
        with_body(&entry(&[], &LINES, 0, b""), gathered(shelf, 1_000))
    }));
    // With what few have: a variant, and surrogate keys.
    is_true(each(SMALL_BUDGET, |_, path| {
        let keys = format!("Surrogate-Key: {path} all");
        entry(&["Accept-Language: de, en;q=0.5"], &["Vary: Accept-Language", &keys], 0, b"body")
    }));
}

#[test]
fn the_accounts_of_a_crowd_are_true() {
    for (keys, variants) in [(1, OBJECTS), (OBJECTS / 17, 17), (OBJECTS / 64, 64)] {
        let shelf = Shelf::new(SMALL_BUDGET).with_max_object(1 << 20);
        let filled = allocation_counter::measure(|| {
            for number in 0..keys * variants {
                let key = key(&format!("/{:03}", number / variants));
                let vary =
                    ["Vary: User-Agent", "Content-Type: text/html", "Cache-Control: max-age=60"];
                put(&shelf, key, entry(&[&format!("User-Agent: {number}")], &vary, 0, b"body"));
            }
        });
        let allocated = u64::try_from(filled.bytes_current).expect("not less than before");
        let objects = shelf.len() as u64;
        assert!(objects > 2_000);
        is_true((allocated / objects, shelf.used_bytes() / objects));
    }
}

#[test]
fn a_small_object_takes_little_beside_head_and_body() {
    const GIVEN: u64 = 1_024 + 134;
    let (allocated, used) = each(SMALL_BUDGET, |shelf, _| {
        with_body(&entry(&[], &LINES, 0, b""), gathered(shelf, 1_024))
    });
    assert!(allocated - GIVEN <= 160, "{} bytes are allocated beside", allocated - GIVEN);
    assert!(used - GIVEN <= 215, "{} bytes are accounted for beside", used - GIVEN);
}

/// The notes of a large shelf take eight bytes an object, and what its tables and its second shard have free.
#[test]
fn a_note_takes_little_more() {
    let make =
        |shelf: &Shelf, _: &str| with_body(&entry(&[], &LINES, 0, b""), gathered(shelf, 1_024));
    let ((without, _), (with, _)) = (each(SMALL_BUDGET, make), each(NOTING_BUDGET, make));
    assert!((8..=16).contains(&with.saturating_sub(without)), "{with} bytes, {without} without");
}

#[test]
fn the_memory_of_keys_comes_back() {
    let shelf = Shelf::new(1 << 40);
    let before_and_after = allocation_counter::measure(|| {
        for number in 0..OBJECTS {
            put(&shelf, key(&format!("/{number}")), entry(&[], &LINES, 0, b"body"));
        }
        for number in 0..OBJECTS {
            shelf.remove_target(&key(&format!("/{number}")));
        }
    });
    // What is left is the room of the log and of the census, of all shards.
    let left = before_and_after.bytes_current;
    assert!(left <= 64 * mem::size_of::<[u64; 32]>() as i64, "{left} bytes are left");
}
