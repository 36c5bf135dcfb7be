//! The inputs: seeds with a few changes each.

/// Where every run begins.
const SEED: u64 = 0x5E1F_ED6E_0000_9111;

/// How long an input may grow: longer than any limit that a parser of a field has.
const MAX_LEN: usize = 8 * 1024;

/// What parsers trip over.
const WORDS: [&[u8]; 24] = [
    b",",
    b"\"",
    b"\\",
    b"=",
    b";",
    b" ",
    b"\t",
    b"*",
    b"-",
    b"/",
    b"\n",
    b"W/",
    b"?1",
    b"?0",
    b"%",
    b"..",
    b"//",
    b":",
    b"0",
    b"2147483648",
    b"18446744073709551615",
    b"18446744073709551616",
    b"\xff",
    b"999999999999999",
];

/// An endless row of changed seeds.
pub(crate) struct Inputs<'a> {
    seeds: &'a [Vec<u8>],
    random: Random,
}

impl<'a> Inputs<'a> {
    /// The row that begins here; 0 is where every run begins that is to be the same again.
    pub(crate) fn of(seeds: &'a [Vec<u8>], beginning: u64) -> Self {
        Self { seeds, random: Random((SEED ^ beginning).max(1)) }
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed().to_vec();
        for _ in 0..=self.random.below(6) {
            self.change(&mut input);
        }
        input.truncate(MAX_LEN);
        input
    }

    fn seed(&mut self) -> &'a [u8] {
        &self.seeds[self.random.below(self.seeds.len())]
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (from, to) = self.piece(input.len());
        match self.random.below(8) {
            0 => drop(input.drain(from..to)),
            1 => input.insert(from, self.random.byte()),
            2 => splice(input, from, from, WORDS[self.random.below(WORDS.len())]),
            3 => splice(input, from, to, WORDS[self.random.below(WORDS.len())]),
            4 => input[from..to].iter_mut().for_each(|byte| *byte ^= 0x20),
            5 => {
                let piece = input[from..to].to_vec();
                splice(input, to, to, &piece);
            }
            6 => {
                let other = self.seed();
                let (start, end) = self.piece(other.len());
                splice(input, from, to, &other[start..end]);
            }
            _ => {
                input.push(if self.random.below(2) == 0 { b',' } else { b'\n' });
                input.extend_from_slice(self.seed());
            }
        }
    }

    /// A place in a text of this length, often a short one.
    fn piece(&mut self, len: usize) -> (usize, usize) {
        let from = self.random.below(len + 1);
        let most = if self.random.below(4) == 0 { len } else { 4 };
        (from, (from + self.random.below(most + 1)).min(len))
    }
}

fn splice(input: &mut Vec<u8>, from: usize, to: usize, piece: &[u8]) {
    input.splice(from..to, piece.iter().copied());
}

/// xorshift64*: small, fast, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        (self.next() >> 56) as u8
    }
}
