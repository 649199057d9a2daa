//! For tests: work that is fed eight times as much may take eight times as many steps, not sixty-four.

use crate::platform::web::Fields;
use cairn_domain::steps::counted;

/// Feeds `work` with inputs of `size` and of eight times that, and compares counted steps. Fails, too,
/// when nothing was counted: then the work counts its steps somewhere else, or not at all.
///
/// # Panics
///
/// When the work is not linear.
pub fn is_linear<I, R>(size: usize, make: impl Fn(usize) -> I, work: impl Fn(I) -> R) {
    let cost = |size| {
        let input = make(size);
        counted(|| work(input)).1
    };
    let (once, eightfold) = (cost(size), cost(8 * size));
    assert!(once > 0, "no step was counted");
    assert!(eightfold <= once * 10 + 5_000, "{once} steps became {eightfold}");
}

/// A form with this many fields, each named after a pattern in which `#` is its number.
pub fn form(count: usize, names: &[&str]) -> Fields {
    let pairs = (0..count).map(|n| (names[n % names.len()].replace('#', &n.to_string()), "1".to_owned()));
    Fields::from(pairs.collect::<Vec<_>>())
}
