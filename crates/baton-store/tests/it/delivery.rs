//! Delivery: commands that arrive twice, late and out of order have their effect exactly once.

use super::bench::*;
use baton_kernel::Caller;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Which commands arrive, in which order, in how many together.
fn schedules() -> impl Strategy<Value = (Vec<(usize, bool)>, Vec<usize>)> {
    (2usize..12).prop_flat_map(|commands| {
        let arrivals = prop::collection::vec((0..commands, prop::bool::weighted(0.15)), commands..commands * 4);
        (arrivals, prop::collection::vec(1usize..7, 40))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn duplicated_and_reordered_commands_take_effect_exactly_once((arrivals, together) in schedules()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new();
            let mut journal = place.founded().await;
            let base = journal.snapshot().head().seq;
            let mut answers = BTreeMap::new();
            let mut rest = arrivals.as_slice();
            for width in together.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at((*width).min(rest.len()));
                rest = later;
                let sent: Vec<_> = now.iter().map(|(n, _)| {
                    let (journal, key) = (&journal, format!("c{n}"));
                    async move { (*n, journal.submit(Caller::Person(CLERK), item(&key)).await) }
                }).collect();
                for (n, answer) in all(sent).await {
                    let receipt = answer.unwrap();
                    let known = answers.entry(n).or_insert_with(|| receipt.clone());
                    prop_assert_eq!(&*known, &receipt, "the same command, another answer");
                }
                // Now and then the process ends in between.
                if now.iter().any(|(_, restart)| *restart) {
                    journal.close().await;
                    journal = place.open().await;
                }
            }
            let zone = journal.snapshot();
            prop_assert_eq!(zone.items().count(), answers.len());
            prop_assert_eq!(zone.head().seq, base + 2 * answers.len() as u64);
            journal.close().await;
            let report = clean(&place.path()).await;
            prop_assert_eq!(report.state, Some(zone.state_hash()));
            Ok(())
        })?;
    }
}

/// Polls several futures together until all are done.
async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut pinned: Vec<_> = futures.into_iter().map(|f| (Box::pin(f), None)).collect();
    std::future::poll_fn(|cx| {
        let mut waiting = false;
        for (future, done) in &mut pinned {
            if done.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(out) => *done = Some(out),
                    std::task::Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    pinned.into_iter().filter_map(|(_, done)| done).collect()
}
