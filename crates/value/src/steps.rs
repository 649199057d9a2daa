//! Counts what work costs, so that tests can tell work that grows with its input from work that grows
//! with its square. Nothing is counted in what is shipped.

use std::cell::Cell;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// Counts some steps of this thread: one for each thing that is looked at.
#[inline]
pub fn take(steps: usize) {
    if cfg!(debug_assertions) {
        TAKEN.with(|taken| taken.set(taken.get().saturating_add(steps as u64)));
    }
}

/// Steps that this thread has taken since it began.
pub fn taken() -> u64 {
    TAKEN.with(Cell::get)
}

/// Does some work, and says how many steps it took.
pub fn counted<R>(work: impl FnOnce() -> R) -> (R, u64) {
    let before = taken();
    let done = work();
    (done, taken() - before)
}

/// For tests: feeds `work` with inputs of `size` and of eight times that, and compares counted steps. Fails, too,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_for_the_thread_that_takes_them() {
        let ((), steps) = counted(|| {
            take(3);
            std::thread::spawn(|| take(100)).join().unwrap();
            take(4);
        });
        assert_eq!(steps, 7);
    }
}
