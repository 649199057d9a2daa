//! Many credentials on all cores, in order, in memory that does not grow with their number.
//!
//! ```
//! use cairn_credential::batch;
//! use cairn_credential::check::{Facts, check};
//!
//! let facts = Facts::new("2026-01-15T09:00:00Z".parse()?);
//! let lines = ["{}", "not a credential"].into_iter().cycle().take(1000);
//! let mut failed = 0;
//! batch::map(lines, batch::cores(), |line| check(line.as_bytes(), &facts), |_checked| failed += 1);
//! assert_eq!(failed, 1000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Signatures are verified one by one also here. Ed25519 can verify a batch at once, for less than half of
//! the time; but a batch may accept signatures that are refused alone (Chalkias, Garillot and Nikolaenko,
//! "Taming the many EdDSAs", 2020), and a credential must not be genuine in company only.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Items handed to a thread at once: few enough that none waits long, enough that handing over costs
/// little beside the work.
const CHUNK: usize = 32;
/// Chunks that wait before and after each thread.
const WAITING: usize = 2;

/// How many threads the machine runs at the same time; 1 if it does not say.
pub fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Works on items on so many threads, and gives the results to `sink` in the items' order, on the caller's
/// thread. Never more than a few chunks per thread are held at the same time.
///
/// # Panics
///
/// If `work` panics on an item: with the same panic, after what was begun has ended.
pub fn map<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    threads: NonZeroUsize,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R),
) {
    let mut items = items.into_iter();
    let work = &work;
    thread::scope(|scope| {
        let mut workers = Vec::with_capacity(threads.get());
        for _ in 0..threads.get() {
            let (give, given) = sync_channel::<Vec<T>>(WAITING);
            let (done, take) = sync_channel::<Vec<R>>(WAITING);
            let handle = scope.spawn(move || labour(&given, &done, work));
            workers.push((Some(give), take, handle));
        }
        // chunks go round by turns, so taking by the same turns keeps the order
        let (mut given, mut taken, mut ended) = (0, 0, false);
        let most = threads.get() * WAITING;
        loop {
            while !ended && given - taken < most {
                let chunk: Vec<T> = items.by_ref().take(CHUNK).collect();
                ended = chunk.is_empty();
                if !ended {
                    let (give, _, _) = &workers[given % threads];
                    // a worker that panicked takes nothing any more; that is found out below
                    if give.as_ref().is_some_and(|give| give.send(chunk).is_ok()) {
                        given += 1;
                    } else {
                        ended = true;
                    }
                }
            }
            if taken == given {
                break;
            }
            let Ok(results) = workers[taken % threads].1.recv() else { break };
            results.into_iter().for_each(&mut sink);
            taken += 1;
        }
        for (give, _, _) in &mut workers {
            *give = None;
        }
        for (_, take, handle) in workers {
            drop(take);
            if let Err(panic) = handle.join() {
                resume_unwind(panic);
            }
        }
    });
}

fn labour<T, R>(given: &Receiver<Vec<T>>, done: &SyncSender<Vec<R>>, work: &impl Fn(T) -> R) {
    for chunk in given {
        if done.send(chunk.into_iter().map(work).collect()).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn threads(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn results_come_in_order() {
        for (count, items) in [(1, 0), (1, 100), (2, 1), (3, 31), (3, 32), (3, 33), (4, 10_000)] {
            let mut results = Vec::new();
            map(0..items, threads(count), |item| item * 2, |result| results.push(result));
            assert_eq!(results, (0..items).map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_held_does_not_grow() {
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items = (0..100_000).inspect(|_| {
            most.fetch_max(held.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        });
        let mut sum = 0;
        map(
            items,
            threads(4),
            |item| item,
            |item: usize| {
                held.fetch_sub(1, Ordering::Relaxed);
                sum += item;
            },
        );
        assert_eq!(sum, 100_000 * 99_999 / 2);
        assert!(most.into_inner() <= 4 * WAITING * CHUNK + CHUNK);
    }

    #[test]
    #[should_panic(expected = "item 77")]
    fn a_panic_reaches_the_caller() {
        map(0..10_000, threads(3), |item| assert!(item != 77, "item {item}"), |()| {});
    }
}
