use fastrand::Rng;
use redb::{StorageBackend, backends::InMemoryBackend};

use super::{BLOCK, Overlay};

const MOST: usize = 5 * BLOCK;

fn bytes(rng: &mut Rng, len: usize) -> Vec<u8> {
    (0..len).map(|_| rng.u8(1..)).collect()
}

fn whole(file: &impl StorageBackend) -> Vec<u8> {
    let mut all = vec![0; file.len().unwrap() as usize];
    file.read(0, &mut all).unwrap();
    all
}

/// Whatever is written and cut, it reads as a file of its own would, and the one below stays as it is.
#[test]
fn it_is_a_file_over_a_file() {
    for seed in 0..200 {
        let mut rng = Rng::with_seed(seed);
        let below = InMemoryBackend::new();
        let len = rng.usize(..MOST);
        below.set_len(len as u64).unwrap();
        below.write(0, &bytes(&mut rng, len)).unwrap();
        let before = whole(&below);
        let mut expected = before.clone();
        let over = Overlay::over(below).unwrap();
        for _ in 0..20 {
            let at = rng.usize(..=expected.len());
            if rng.bool() {
                let len = rng.usize(..MOST);
                over.set_len(len as u64).unwrap();
                expected.resize(len, 0);
            } else {
                let len = rng.usize(..=expected.len() - at);
                let new = bytes(&mut rng, len);
                over.write(at as u64, &new).unwrap();
                expected[at..at + len].copy_from_slice(&new);
            }
            assert!(whole(&over) == expected, "seed {seed}");
            let to = rng.usize(..=expected.len());
            let from = rng.usize(..=to);
            let mut part = vec![0; to - from];
            over.read(from as u64, &mut part).unwrap();
            assert!(part == expected[from..to], "seed {seed}");
            assert!(over.read(from as u64, &mut vec![0; expected.len() - from + 1]).is_err());
        }
        assert!(whole(&over.file) == before, "seed {seed}");
    }
}
