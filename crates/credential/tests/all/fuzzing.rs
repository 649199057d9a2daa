//! The fuzz targets on their corpus, and on thousands of inputs made from it: always the same ones.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/targets.rs"]
pub mod targets;

/// Inputs made from the corpus, for each target.
const INPUTS: usize = 4000;
/// No input is larger: what is slow without optimisation belongs into cargo-fuzz.
const MOST_BYTES: usize = 16 * 1024;

/// SplitMix64: numbers that look like chance and never change.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        a.min(b)..a.max(b)
    }
}

fn changed(numbers: &mut Numbers, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = corpus[numbers.below(corpus.len())].clone();
    for _ in 0..=numbers.below(4) {
        let length = input.len();
        match numbers.below(8) {
            0 if length > 0 => {
                let at = numbers.below(length);
                input[at] ^= 1 << numbers.below(8);
            }
            1 if length > 0 => {
                let at = numbers.below(length);
                input[at] = b"\0\xff{}[]\",:<>&;_@~./-019aZ\\ \n"[numbers.below(27)];
            }
            2 => drop(input.drain(numbers.range(length))),
            3 => input.truncate(numbers.below(length + 1)),
            4 => {
                let piece = input[numbers.range(length)].to_vec();
                let at = numbers.below(length + 1);
                input.splice(at..at, piece);
            }
            5 => {
                let other = &corpus[numbers.below(corpus.len())];
                let piece = other[numbers.range(other.len())].to_vec();
                let place = numbers.range(length);
                input.splice(place, piece);
            }
            6 => {
                let at = numbers.below(length + 1);
                let piece = [&b"["[..], b"{\"a\":", b"<a>", b"~", b"\"@list\":["][numbers.below(5)];
                input.splice(at..at, piece.repeat(1 + numbers.below(200)));
            }
            _ => {
                let number = [&b"18446744073709551616"[..], b"-1", b"1e999", b"0"][numbers.below(4)];
                let at = numbers.below(length + 1);
                input.splice(at..at, number.to_vec());
            }
        }
    }
    input.truncate(MOST_BYTES);
    input
}

#[test]
fn nothing_that_comes_in_panics_or_grows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let mut files: Vec<_> = fs::read_dir(folder.join(name))
            .unwrap_or_else(|e| panic!("the corpus of {name}: {e}"))
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        let corpus: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
        assert!(corpus.len() >= 3, "{name} has hardly a corpus");
        for input in &corpus {
            target(input);
        }
        let mut numbers = Numbers(name.len() as u64);
        for number in 0..INPUTS {
            let input = changed(&mut numbers, &corpus);
            let outcome = std::panic::catch_unwind(|| target(&input));
            assert!(outcome.is_ok(), "{name}, input {number}: {}", String::from_utf8_lossy(&input));
        }
    }
}
