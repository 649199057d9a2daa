//! The fuzzer's targets, on its corpus and on thousands of inputs made from it the same way every time.
//! Each comes to an end, in bounded time, without panicking.

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

/// Inputs made from the corpus, for each target.
const MADE: usize = 2_000;
/// No input may take longer than this in a debug build, in processor time.
const LONGEST: Duration = Duration::from_secs(5);
/// Larger inputs take the same ways, but longer.
const LARGEST: usize = 16 * 1024;

/// Texts that break things.
const SPICE: &[&[u8]] = &[
    b"null",
    b"[]",
    b"{}",
    b"\"@context\":",
    b"\"@id\":\"_:b\",",
    b"{\"@graph\":",
    b"{\"@list\":[",
    b"{\"@value\":",
    b"\"@nest\":",
    b"@none",
    b"\"@type\":\"@json\",",
    b"1e999",
    b"-0",
    b"18446744073709551616",
    b"\\u0000",
    b"\\ud800",
    b"\xff\xfe",
    b"\xc3",
    b"]]>",
    b"<![CDATA[",
    b"&#0;",
    b"<svg>",
    b"====\n",
    b"_:a <urn:p> _:b .\n",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"..",
];

/// Chance that is the same every time (splitmix64).
struct Chance(u64);

impl Chance {
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

    fn slice<'b>(&mut self, bytes: &'b [u8], most: usize) -> &'b [u8] {
        let from = self.below(bytes.len() + 1);
        let length = self.below(most.min(bytes.len() - from) + 1);
        &bytes[from..from + length]
    }
}

fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let crate_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![crate_folder.join("fuzz/corpus").join(name)];
    if name == "json_ld" {
        folders.push(crate_folder.join("tests/corpus/jsonld"));
    }
    let paths =
        folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<(String, Vec<u8>)> = paths
        .filter(|path| name != "json_ld" || path.extension().is_none_or(|extension| extension == "json"))
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() >= 3, "{name} has a corpus");
    files
}

/// Every value inside a value, itself first.
fn parts<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    found.push(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| parts(item, found)),
        Value::Object(map) => map.values().for_each(|value| parts(value, found)),
        _ => {}
    }
}

/// The value at this place of [`parts`].
fn part(value: &mut Value, at: usize) -> Result<&mut Value, usize> {
    let Some(mut left) = at.checked_sub(1) else { return Ok(value) };
    let inner: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    for item in inner {
        match part(item, left) {
            Ok(found) => return Ok(found),
            Err(rest) => left = rest,
        }
    }
    Err(left)
}

/// Puts a value of another document (or of itself) in the place of one, or a member beside others.
fn graft(input: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let Ok(mut document) = serde_json::from_slice::<Value>(input) else { return };
    let other = serde_json::from_slice(other).unwrap_or_else(|_| document.clone());
    let mut from = Vec::new();
    parts(&other, &mut from);
    let scion = from[chance.below(from.len())].clone();
    let mut places = Vec::new();
    parts(&document, &mut places);
    let at = chance.below(places.len());
    let Ok(place) = part(&mut document, at) else { return };
    match (place, scion) {
        (Value::Object(map), Value::Object(members)) if chance.below(3) > 0 => {
            let member = members.into_iter().nth(chance.below(3));
            map.extend(member);
        }
        (Value::Array(items), scion) if chance.below(2) > 0 => items.push(scion),
        (place, scion) => *place = scion,
    }
    *input = document.to_string().into_bytes();
}

/// One change: a flipped bit, another byte, a cut, a piece of itself or of another input, something nested.
fn change(input: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(input.len() + 1);
    match chance.below(14) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = chance.next() as u8;
            }
        }
        2 => input.truncate(at),
        3 => {
            let end = (at + chance.below(64)).min(input.len());
            input.drain(at..end);
        }
        4 => {
            let piece = chance.slice(input, 256).to_vec();
            input.splice(at..at, piece);
        }
        5 => {
            let piece = chance.slice(other, 512).to_vec();
            input.splice(at..at, piece);
        }
        6 => {
            let spice = SPICE[chance.below(SPICE.len())];
            input.splice(at..at, spice.iter().copied());
        }
        7 => {
            // Put into itself, as often as it stays small.
            let (open, close): (&[u8], &[u8]) = [
                (b"{\"@graph\":".as_slice(), b"}".as_slice()),
                (b"[", b"]"),
                (b"<svg>", b"</svg>"),
                (b"{\"@reverse\":{\"urn:p\":", b"}}"),
            ][chance.below(4)];
            let times = 1 << chance.below(8);
            let mut nested = open.repeat(times);
            nested.extend_from_slice(input);
            nested.extend(close.repeat(times));
            *input = nested;
        }
        9..14 => graft(input, other, chance),
        _ => {
            let piece = chance.slice(input, 32).to_vec();
            let many = piece.repeat(1 + chance.below(64));
            input.splice(at..at, many);
        }
    }
    input.truncate(LARGEST);
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

fn timed(target: fn(&[u8]), input: &[u8]) -> Duration {
    let start = processor_time();
    target(input);
    processor_time().saturating_sub(start)
}

fn play(name: &str) {
    let (_, target) = *targets::TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let files = corpus(name);
    for (file, input) in &files {
        println!("{file}");
        let taken = timed(target, input);
        assert!(taken < LONGEST, "{taken:?} for {file}");
    }
    let mut chance = Chance(42);
    let mut slowest = Duration::ZERO;
    for number in 0..MADE {
        let mut input = files[chance.below(files.len())].1.clone();
        input.truncate(LARGEST);
        for _ in 0..=chance.below(4) {
            let other = &files[chance.below(files.len())].1;
            change(&mut input, other, &mut chance);
        }
        let before = format!("{name} {number}: {}", String::from_utf8_lossy(&input));
        let result = std::panic::catch_unwind(|| timed(target, &input));
        let taken = result.unwrap_or_else(|_| panic!("this panics: {before}"));
        assert!(taken < LONGEST, "{taken:?} for {before}");
        slowest = slowest.max(taken);
    }
    println!("{name}: the slowest took {slowest:?}");
}

#[test]
fn every_target_has_a_test_and_a_program() {
    let names: Vec<&str> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["check", "json_ld", "jwt", "nquads", "png", "status_list", "svg"]);
    let manifest =
        fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).unwrap();
    for name in names {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        targets::run(name, b"");
    }
}

macro_rules! tests {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            play(stringify!($name));
        }
    )*};
}

tests! { check json_ld jwt nquads png status_list svg }
