// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A whole run in memory: it trades, its replay agrees, a resumed run ends the same.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod fees;

use onetape_core::book::BooksConfig;
use onetape_core::component::{Component, Entry};
use onetape_core::events::{Limit, StateHashed};
use onetape_core::journal::{MemoryJournal, Sink, Source};
use onetape_core::sim::flow::{FlowConfig, SyntheticSource};
use onetape_core::sim::{
    Backtest, BacktestConfig, Callback, EngineConfig, Expected, NoProbe, QuoteSide, Replay,
    ResumeSink, STRATEGY, Step, sources,
};
use onetape_core::trading::{Desk, StrategyView};
use onetape_core::types::Side;

const MESSAGES: u64 = 60_000;

fn engine_config() -> EngineConfig {
    EngineConfig {
        books: BooksConfig { orders_max: 1 << 14, instruments_max: 64, window_levels: 256 },
        strategies_max: 1,
        own_orders_max: 64,
        midnight_ns: FlowConfig::MIDNIGHT_NS,
    }
}

fn config() -> BacktestConfig {
    BacktestConfig {
        engine: engine_config(),
        config_json: "{}".into(),
        strategy_name: "touch".into(),
        strategy_hash: 7,
        limits: vec![
            (Limit::OrderQtyMax, 1_000),
            (Limit::OrderNotionalMax, 1 << 50),
            (Limit::PositionMax, 1_000),
            (Limit::PriceCollarTicks, 10_000),
            (Limit::OrderRateMax, 100_000),
        ],
        symbol_limits: vec![],
        scope_limits: vec![],
        fees: vec![(String::new(), fees::RATES)],
        symbols: vec![],
        entries_max: 0,
        snapshot_every: 20_000,
        wants_trades: true,
    }
}

/// What a run left behind.
struct Ran<S> {
    run: Backtest<S>,
    state_hash: u64,
    fills: u64,
    snapshots: Vec<(u64, Vec<u8>)>,
}

/// Quotes at the touch of everything, and now and then crosses the spread.
fn run<S: Sink>(sink: S) -> Ran<S> {
    let flow = FlowConfig { messages: MESSAGES, ..FlowConfig::demo(3) };
    let source = Box::new(SyntheticSource::new(flow).unwrap());
    let mut run = Backtest::new(config(), source, sink);
    let (mut fills, mut books, mut snapshots) = (0, 0_u64, Vec::new());
    run.start().unwrap();
    loop {
        match run.step(&mut NoProbe).unwrap() {
            Step::Call(Callback::Book(id)) => {
                let touch = run.engine().touch(id);
                books += 1;
                if touch.is_two_sided() && touch.bid < touch.ask {
                    let side = |price| QuoteSide { price, qty: 100 };
                    run.host_mut().quote(id, side(touch.bid), side(touch.ask));
                }
                if books.is_multiple_of(1_000) {
                    let due = run.now() + 1_000;
                    run.host_mut().set_timer(due, 4);
                }
            }
            Step::Call(Callback::Fill(_)) => {
                fills += 1;
                compare_ledger(run.engine().desk());
            }
            Step::Call(_) | Step::Breathe => {}
            Step::Snapshot => {
                let (seq, _, bytes) = run.snapshot().unwrap();
                snapshots.push((seq, bytes));
            }
            Step::SourceEnded => break,
        }
    }
    let state_hash = run.finish(&mut NoProbe).unwrap();
    Ran { run, state_hash, fills, snapshots }
}

/// The gate's ledger holds what portfolio and orders hold: what it reserves is what lives.
fn compare_ledger(desk: &Desk) {
    let orders = desk.orders(1).unwrap();
    for (strategy, id, position) in desk.portfolio().traded() {
        assert_eq!(desk.risk().position(strategy, id), position.lots);
        for side in [Side::Buy, Side::Sell] {
            assert_eq!(desk.risk().open(strategy, id, side), orders.open(id, side), "{id}");
        }
    }
}

fn each(journal: &MemoryJournal, mut take: impl FnMut(Entry<'_>)) {
    let mut reader = journal.reader();
    while let Some(entry) = reader.next_entry().unwrap() {
        take(entry);
    }
}

#[test]
fn a_replay_agrees_from_the_start_and_from_a_snapshot() {
    let mut ran = run(MemoryJournal::new());
    assert!(ran.fills > 50, "only {} fills", ran.fills);
    let desk = ran.run.engine().desk();
    let position = desk.portfolio().traded().count();
    assert!(position > 4, "only {position} instruments traded");
    let paid: i128 = desk.portfolio().traded().map(|(s, id, _)| desk.fees().paid(s, id)).sum();
    let counters = ran.run.engine().counters();
    assert_eq!((counters.orders_unknown, counters.messages_malformed), (0, 0));
    let journal = ran.run.sink_mut();

    let mut outputs = Vec::new();
    each(journal, |entry| {
        if entry.source == sources::ENGINE {
            outputs.push((entry.kind, entry.body.to_vec()));
        }
    });
    let (charged, sum) = fees::charged(outputs);
    assert!(charged > 50);
    assert_eq!(sum, paid);

    let mut replay = Replay::new(engine_config());
    each(journal, |entry| replay.apply(entry).unwrap());
    assert_eq!(replay.state_hash(), ran.state_hash);
    assert_eq!(replay.hashes(), 1 + ran.snapshots.len() as u64);
    assert_eq!(replay.outputs_missing(), 0);

    for (seq, bytes) in &ran.snapshots {
        let mut replay = Replay::new(engine_config());
        replay.restore(bytes).unwrap();
        each(journal, |entry| {
            if entry.seq > *seq {
                replay.apply(entry).unwrap();
            }
        });
        assert_eq!(replay.state_hash(), ran.state_hash);
    }
}

#[test]
fn two_runs_are_one_and_a_changed_output_is_named() {
    let mut first = run(MemoryJournal::new());
    let mut second = run(MemoryJournal::new());
    assert_eq!(first.run.sink_mut().bytes(), second.run.sink_mut().bytes());

    let mut replay = Replay::new(engine_config());
    let mut refused = None;
    let mut outputs = 0;
    each(first.run.sink_mut(), |entry| {
        if refused.is_some() {
            return;
        }
        let mut body = entry.body.to_vec();
        if entry.source == sources::ENGINE && entry.kind != StateHashed::KIND {
            outputs += 1;
            if outputs == 100 {
                body[16] ^= 1;
            }
        }
        let found = replay.apply(Entry { body: &body, ..entry });
        refused = found.err().map(|mismatch| (mismatch, entry.seq));
    });
    let (mismatch, seq) = refused.unwrap();
    assert_eq!(mismatch.seq, seq);
    assert!(mismatch.made.is_some() && mismatch.found.is_some());
}

/// The first entries of a journal, as a crash left them.
struct Cut {
    entries: Vec<(i64, u16, u32, Vec<u8>)>,
    next: usize,
}

impl Expected for Cut {
    fn matches_next(
        &mut self,
        ts: i64,
        kind: u16,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Option<bool> {
        let (ts_found, kind_found, source_found, body) = self.entries.get(self.next)?;
        self.next += 1;
        let equal = (ts, kind, source) == (*ts_found, *kind_found, *source_found);
        Some(
            equal
                && body.starts_with(fixed)
                && body.ends_with(tail)
                && body.len() == fixed.len() + tail.len(),
        )
    }
}

#[test]
fn a_run_cut_off_anywhere_resumes_to_the_same_end() {
    let mut whole = run(MemoryJournal::new());
    let bytes = whole.run.sink_mut().bytes().to_vec();
    let last = whole.run.sink_mut().last_seq();
    for cut in [0, 1, 7, 5_000, last / 2, last / 2 + 1, last - 1, last] {
        let (mut entries, mut inner) = (Vec::new(), MemoryJournal::new());
        each(whole.run.sink_mut(), |e| {
            if e.seq <= cut {
                entries.push((e.ts_ns, e.kind, e.source, e.body.to_vec()));
                inner.append(e.ts_ns, e.kind, e.version, e.source, e.body, &[]).unwrap();
            }
        });
        let sink = ResumeSink::new(Some(Cut { entries, next: 0 }), inner);
        let mut resumed = run(sink);
        assert_eq!(resumed.state_hash, whole.state_hash, "cut at {cut}");
        assert_eq!(resumed.run.sink_mut().inner().bytes(), bytes, "cut at {cut}");
    }
}

#[test]
fn without_limits_nothing_is_sent_and_a_stopped_strategy_has_no_orders() {
    let flow = FlowConfig { messages: 20_000, ..FlowConfig::demo(3) };
    let source = Box::new(SyntheticSource::new(flow).unwrap());
    let config = BacktestConfig { limits: vec![], ..config() };
    let mut run = Backtest::new(config, source, MemoryJournal::new());
    run.start().unwrap();
    let mut rejected = 0;
    loop {
        match run.step(&mut NoProbe).unwrap() {
            Step::Call(Callback::Book(id)) => {
                let touch = run.engine().touch(id);
                run.host_mut().quote(
                    id,
                    QuoteSide { price: touch.bid, qty: 1 },
                    QuoteSide::default(),
                );
            }
            Step::Call(Callback::Rejected(_)) => rejected += 1,
            Step::Call(Callback::Accepted(_)) => panic!("an order without limits was accepted"),
            Step::SourceEnded => break,
            _ => {}
        }
    }
    assert!(rejected > 100);
    run.finish(&mut NoProbe).unwrap();
    assert_eq!(run.engine().desk().orders(STRATEGY).unwrap().live().count(), 0);
    assert_ne!(run.engine().state_hash(), 0);
}
