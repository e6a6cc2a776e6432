// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What each stage of a feed costs a message, from memory.

use std::hint::black_box;
use std::time::Instant;

use onetape_core::book::{Books, BooksConfig};
use onetape_core::component::{Entry, Outbox};
use onetape_core::events::{
    FeedRule, FeedState, InstrumentDefined, MarketUpdated, PacketFormat, PacketReceived,
};
use onetape_core::feed::{Arbiter, Arrived, FeedReader, Health, MarketSink, Rules, Verdict};

use super::flow::{OF_DAY_NS, STOCKS, cycle, opening, packets, symbol};

/// Messages of one round.
const MESSAGES: usize = 300_000;
const ROUNDS: usize = 15;

/// Counts and sums, so that nothing is left out.
#[derive(Default)]
pub(crate) struct Sum(u64);

impl MarketSink for Sum {
    fn define(&mut self, _definition: &InstrumentDefined) {}

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.0 = self.0.wrapping_add(update.order_ref ^ u64::from(update.instrument_id));
    }
}

/// What puts out nothing: nothing is wrong with the flow.
pub(crate) struct Quiet;

impl Outbox for Quiet {
    fn emit(&mut self, kind: u16, _version: u8, _body: &[u8]) {
        assert_eq!(kind, 0, "the flow is sane");
    }
}

/// Health alone, or with the books that it watches.
pub(crate) struct Watch {
    health: Health,
    books: Option<Books>,
    ts_ns: i64,
    seq: u64,
}

impl Watch {
    pub(crate) fn new(chosen: u16, has_books: bool) -> Self {
        let mut health = Health::new(u32::from(STOCKS), Rules::usual().without(FeedRule::TimeOld));
        let config = BooksConfig {
            orders_max: 1 << 16,
            instruments_max: u32::from(STOCKS),
            window_levels: 256,
        };
        let mut books = has_books.then(|| Books::new(config));
        for id in 1..=u32::from(chosen) {
            health.list(id, 0);
            health.set_reference(id, 1_000_000);
            if let Some(books) = &mut books {
                books.define(id, 100).expect("within the limits");
            }
        }
        let ts_ns = OF_DAY_NS.cast_signed();
        let mut watch = Self { health, books, ts_ns, seq: 0 };
        let entry = watch.entry();
        watch.health.on_feed(0, FeedState::Live, &entry, &mut Quiet);
        watch
    }

    const fn entry(&self) -> Entry<'static> {
        let (seq, ts_ns) = (self.seq, self.ts_ns);
        Entry { seq, ts_ns, kind: PacketReceived::KIND, version: 1, source: 1, body: &[] }
    }

    /// Orders that rest.
    pub(crate) fn live_orders(&self) -> u32 {
        self.books.as_ref().map_or(0, Books::live_orders)
    }
}

impl MarketSink for Watch {
    fn define(&mut self, _definition: &InstrumentDefined) {}

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        let entry = self.entry();
        let verdict = self.health.judge(0, update, &entry, &mut Quiet);
        assert_eq!(verdict, Verdict::Apply);
        let Some(books) = &mut self.books else { return };
        if books.apply_market(update).is_ok() {
            let best = books.bbo(update.instrument_id);
            let prices = (best.bid.map(|level| level.price), best.ask.map(|level| level.price));
            self.health.on_best(update.instrument_id, prices, &entry, &mut Quiet);
        }
    }
}

/// A reader of the first so many stocks, which has read the opening.
pub(crate) fn reader(chosen: u16, sink: &mut impl MarketSink) -> (FeedReader, u64) {
    let mut reader = FeedReader::new(0);
    for locate in 1..=chosen {
        reader.choose(symbol(locate), u32::from(locate));
    }
    let messages = opening();
    for packet in packets(&messages, 1) {
        reader.read(Some(PacketFormat::Moldudp64Itch50), &packet, sink);
    }
    (reader, 1 + messages.len() as u64)
}

/// Nanoseconds a message in hundredths: best and median round.
fn measure(mut round: impl FnMut(usize) -> u64) -> String {
    let mut took: Vec<u128> = (0..ROUNDS)
        .map(|at| {
            let started = Instant::now();
            black_box(round(at));
            started.elapsed().as_nanos() * 100 / MESSAGES as u128
        })
        .collect();
    took.sort_unstable();
    let text = |value: u128| format!("{}.{:02}", value / 100, value % 100);
    format!("{{\"best\": {}, \"median\": {}}}", text(took[0]), text(took[ROUNDS / 2]))
}

fn read(chosen: u16, messages: &[Vec<u8>], sink: &mut impl MarketSink) -> String {
    let (mut reader, first) = reader(chosen, sink);
    let rounds: Vec<_> = (0..ROUNDS as u64)
        .map(|round| packets(messages, first + round * MESSAGES as u64))
        .collect();
    let result = measure(|round| {
        for packet in &rounds[round] {
            reader.read(Some(PacketFormat::Moldudp64Itch50), black_box(packet), sink);
        }
        reader.skipped()
    });
    assert_eq!((reader.counts().missing, reader.counts().malformed), (0, 0));
    result
}

/// One line, or two of which the second brings copies.
fn arbitrate(lines: usize, messages: &[Vec<u8>]) -> String {
    let mut arbiter = Arbiter::new(2, 1 << 40);
    let rounds: Vec<_> =
        (0..ROUNDS as u64).map(|round| packets(messages, 1 + round * MESSAGES as u64)).collect();
    let result = measure(|round| {
        for packet in &rounds[round] {
            assert_eq!(arbiter.observe(0, 1, black_box(packet)), Arrived::Next);
            if lines == 2 {
                assert_eq!(arbiter.observe(1, 2, black_box(packet)), Arrived::Known);
            }
        }
        arbiter.next()
    });
    assert_eq!(arbiter.missing(), 0);
    result
}

/// All stages: members of a JSON object.
pub(crate) fn stages() -> String {
    let messages = cycle(MESSAGES);
    let (few, all) = (10, STOCKS);
    let mut watch = Watch::new(all, true);
    let stages = [
        ("arbitrate_one_line", arbitrate(1, &messages)),
        ("arbitrate_two_lines", arbitrate(2, &messages)),
        ("leave_out_all", read(0, &messages, &mut Sum::default())),
        ("leave_out_490_of_500", read(few, &messages, &mut Sum::default())),
        ("decode_500", read(all, &messages, &mut Sum::default())),
        ("decode_and_judge_500", read(all, &messages, &mut Watch::new(all, false))),
        ("decode_judge_and_book_500", read(all, &messages, &mut watch)),
        ("decode_judge_and_book_10_of_500", read(few, &messages, &mut Watch::new(few, true))),
    ];
    assert_eq!(watch.live_orders(), 0, "each round ends with empty books");
    let text = stages.map(|(name, result)| format!("    \"{name}\": {result}"));
    format!("\"ns_per_message\": {{\n{}\n  }}", text.join(",\n"))
}
