// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nanoseconds a message: ITCH 5.0 decoded from memory into full books with queues; prints JSON.
//!
//! The file is made before the clock starts: 500 stocks drawn evenly, an opening of adds, then
//! 45 % add, 43 % delete, 6 % replace, 3 % execute (of the front order) and 3 % cancel in part.
//! Deleted, replaced and cancelled orders are drawn evenly from all that live, however old: the
//! hard case for a cache. See `benchmarks/README.md` for how to run it.
#![expect(clippy::print_stdout, reason = "its result is what it prints")]
#![expect(clippy::float_arithmetic, reason = "statistics of the result")]
#![expect(clippy::unwrap_used, reason = "it stops when anything is wrong")]

use onetape_core::book::{Books, BooksConfig};
use onetape_core::events::{InstrumentDefined, MarketAction, MarketUpdated, Side};
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::hash::mix;
use onetape_core::wire::itch::{
    AddOrder, FileFrames, Frame, OrderCancel, OrderDelete, OrderExecuted, OrderReplace,
};
use onetape_io::huge_pages::HugePages;
use std::hint::black_box;

#[global_allocator]
static MEMORY: HugePages = HugePages;

const STEP: i64 = 100;
const RUNS: usize = 7;
/// What is measured: the stocks, and the adds before the mix.
#[derive(Clone, Copy)]
struct Plan {
    messages: u32,
    symbols: u32,
    opening: u32,
}

const PLANS: [Plan; 2] = [
    Plan { messages: 5_000_000, symbols: 500, opening: 161_000 },
    Plan { messages: 5_000_000, symbols: 10, opening: 3_000 },
];

struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        mix(self.0)
    }

    fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// Geometric, mean about `1 / (1 - 7/8)`.
    fn distance(&mut self) -> i64 {
        let mut steps = 1;
        while self.below(8) != 0 {
            steps += 1;
        }
        steps
    }
}

/// Makes the flow: what a venue would know.
struct Venue {
    plan: Plan,
    draws: Draws,
    books: Books,
    mids: Vec<i64>,
    live: Vec<u64>,
    next_ref: u64,
    out: Vec<u8>,
    counts: [u64; 5],
}

impl Venue {
    fn put(&mut self, message: &[u8]) {
        self.out.extend((message.len() as u16).to_be_bytes());
        self.out.extend(message);
    }

    fn price(&mut self, instrument: u32, side: Side) -> i64 {
        let moved = self.draws.below(64);
        let distance = self.draws.distance();
        let mid = &mut self.mids[instrument as usize];
        *mid += i64::from(moved == 0) - i64::from(moved == 1);
        STEP * if side == Side::Buy { *mid - distance } else { *mid + distance }
    }

    fn add(&mut self) {
        // The feed numbers stocks as it meets them: the first are met in order.
        let symbols = u64::from(self.plan.symbols);
        let first = self.next_ref.min(symbols) as u32;
        let instrument =
            if self.next_ref <= symbols { first } else { 1 + self.draws.below(symbols) as u32 };
        let side = if self.draws.below(2) == 0 { Side::Buy } else { Side::Sell };
        let price = self.price(instrument, side);
        let shares = 100 * (1 + self.draws.below(5) as u32);
        let order_ref = self.next_ref;
        self.next_ref += 1;
        self.books.add(instrument, order_ref, side, price, u64::from(shares), 0).unwrap();
        self.live.push(order_ref);
        let message = AddOrder {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: 34_200_000_000_000 + order_ref,
            order_ref,
            side: if side == Side::Buy { b'B' } else { b'S' },
            shares,
            stock: format!("S{instrument:<7}").into_bytes().try_into().unwrap(),
            price_e4: u32::try_from(price).unwrap(),
        };
        self.put(&message.encode());
        self.counts[0] += 1;
    }

    fn place(&mut self) -> usize {
        self.draws.below(self.live.len() as u64) as usize
    }

    fn delete(&mut self) {
        let place = self.place();
        let order_ref = self.live.swap_remove(place);
        let change = self.books.delete(order_ref).unwrap();
        let message = OrderDelete {
            stock_locate: change.instrument as u16,
            tracking_number: 0,
            timestamp_ns: 34_200_000_000_000,
            order_ref,
        };
        self.put(&message.encode());
        self.counts[1] += 1;
    }

    fn replace(&mut self) {
        let place = self.place();
        let order_ref = self.live[place];
        let order = self.books.order(order_ref).unwrap();
        let price = self.price(order.instrument, order.side);
        let message = OrderReplace {
            stock_locate: order.instrument as u16,
            tracking_number: 0,
            timestamp_ns: 34_200_000_000_000,
            order_ref,
            new_order_ref: self.next_ref,
            shares: order.qty as u32,
            price_e4: u32::try_from(price).unwrap(),
        };
        self.books.replace(order_ref, self.next_ref, price, order.qty).unwrap();
        self.live[place] = self.next_ref;
        self.next_ref += 1;
        self.put(&message.encode());
        self.counts[2] += 1;
    }

    fn execute(&mut self) {
        let place = self.place();
        let OrderKey { instrument, side } = self.key(place);
        let handle = self.books.front(instrument, side).unwrap();
        let order = self.books.view(handle);
        let qty = if self.draws.below(2) == 0 { order.qty } else { order.qty.div_ceil(2) };
        if self.books.fill(handle, qty) == 0 {
            let place = self.live.iter().position(|&other| other == order.order_ref).unwrap();
            self.live.swap_remove(place);
        }
        let message = OrderExecuted {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: 34_200_000_000_000,
            order_ref: order.order_ref,
            executed_shares: qty as u32,
            match_number: self.counts[3],
        };
        self.put(&message.encode());
        self.counts[3] += 1;
    }

    fn cancel(&mut self) {
        let place = self.place();
        let order = self.books.order(self.live[place]).unwrap();
        let qty = order.qty.div_ceil(3);
        if self.books.reduce(order.order_ref, qty).unwrap().leaves == 0 {
            self.live.swap_remove(place);
        }
        let message = OrderCancel {
            stock_locate: order.instrument as u16,
            tracking_number: 0,
            timestamp_ns: 34_200_000_000_000,
            order_ref: order.order_ref,
            canceled_shares: qty as u32,
        };
        self.put(&message.encode());
        self.counts[4] += 1;
    }

    fn key(&self, place: usize) -> OrderKey {
        let order = self.books.order(self.live[place]).unwrap();
        OrderKey { instrument: order.instrument, side: order.side }
    }
}

struct OrderKey {
    instrument: u32,
    side: Side,
}

const fn config() -> BooksConfig {
    BooksConfig { orders_max: 1 << 18, instruments_max: 512, window_levels: 1_024 }
}

fn make(plan: Plan) -> Venue {
    let mut draws = Draws(42);
    let mids = (0..=plan.symbols).map(|_| 1_000 + draws.below(50_000).cast_signed()).collect();
    let mut books = Books::new(config());
    for instrument in 1..=plan.symbols {
        books.define(instrument, STEP).unwrap();
    }
    let out = Vec::with_capacity(plan.messages as usize * 36);
    let mut venue =
        Venue { plan, draws, books, mids, live: vec![], next_ref: 1, out, counts: [0; 5] };
    for message in 0..plan.messages {
        let kind = if message < plan.opening { 0 } else { venue.draws.below(100) };
        match kind {
            0..45 => venue.add(),
            45..88 => venue.delete(),
            88..94 => venue.replace(),
            94..97 => venue.execute(),
            _ => venue.cancel(),
        }
    }
    venue
}

/// Applies each update as it comes.
struct AtOnce {
    books: Books,
    bbo_changes: u64,
}

impl AtOnce {
    #[inline]
    fn apply(&mut self, update: &MarketUpdated) {
        let outcome = self.books.apply_market(update).unwrap();
        self.bbo_changes += u64::from(outcome.bbo_changed());
    }
}

impl MarketSink for AtOnce {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.books.define(definition.instrument_id, STEP).unwrap();
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.apply(update);
    }
}

/// Takes updates in blocks, and tells the books of each block before applying it.
struct InBlocks {
    inner: AtOnce,
    block: [MarketUpdated; Books::WARM_MAX],
    count: usize,
}

const NOTHING: MarketUpdated = MarketUpdated {
    venue_ts_ns: 0,
    order_ref: 0,
    other_ref: 0,
    price_ticks: 0,
    qty_lots: 0,
    instrument_id: 0,
    action: MarketAction::Trade as u8,
    side: 0,
    flags: 0,
};

impl MarketSink for InBlocks {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.inner.define(definition);
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.block[self.count] = *update;
        self.count += 1;
        if self.count == Books::WARM_MAX {
            self.flush();
        }
    }
}

impl InBlocks {
    #[inline(never)]
    fn flush(&mut self) {
        let block = &self.block[..self.count];
        self.inner.books.warm(block);
        for update in block {
            self.inner.apply(update);
        }
        self.count = 0;
    }
}

fn decode<S: MarketSink>(file: &[u8], sink: &mut S) {
    let mut feed = ItchFeed::new(0);
    for frame in FileFrames::last_block(file, 0) {
        if let Frame::Message(message) = frame.unwrap() {
            feed.decode(message, sink).unwrap();
        }
    }
}

/// The updates of a file, for the book alone and for the decoder alone.
struct Count(u64);

impl MarketSink for Count {
    fn define(&mut self, _: &InstrumentDefined) {}

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.0 = self.0.wrapping_add(update.order_ref ^ update.qty_lots);
    }
}

struct Keep(Vec<MarketUpdated>);

impl MarketSink for Keep {
    fn define(&mut self, _: &InstrumentDefined) {}

    fn update(&mut self, update: &MarketUpdated) {
        self.0.push(*update);
    }
}

fn fresh() -> AtOnce {
    AtOnce { books: Books::new(config()), bbo_changes: 0 }
}

/// Time that this thread has spent on a processor: other processes' turns do not count.
fn cpu_ns() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Runs `work` some times; prints the least and the median, in ns a message.
fn report<S>(
    name: &str,
    messages: u32,
    mut fresh: impl FnMut() -> S,
    mut work: impl FnMut(&mut S) -> u64,
) -> S {
    let mut state = fresh();
    let mut times: Vec<f64> = vec![];
    let mut result = 0;
    for _ in 0..RUNS {
        state = fresh();
        let start = cpu_ns();
        result = work(&mut state);
        times.push((cpu_ns() - start) / f64::from(messages));
    }
    times.sort_by(f64::total_cmp);
    println!(
        "  {{\"what\": \"{name}\", \"ns_min\": {:.1}, \"ns_median\": {:.1}, \"check\": {result}}},",
        times[0],
        times[RUNS / 2]
    );
    state
}

fn main() {
    // For an instrument that counts instructions: fewer messages.
    let scale = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    println!("[");
    for (at, plan) in PLANS.into_iter().enumerate() {
        measure(Plan { messages: plan.messages / scale, ..plan });
        println!("{}", if at + 1 < PLANS.len() { "," } else { "]" });
    }
}

fn measure(plan: Plan) {
    let venue = make(plan);
    let live = venue.books.live_orders();
    let levels: usize = (1..=plan.symbols)
        .flat_map(|id| [Side::Buy, Side::Sell].map(|side| venue.books.levels(id, side).count()))
        .sum();
    let hash = venue.books.state_hash();
    let file = &venue.out;
    println!(
        "{{\"messages\": {}, \"symbols\": {}, \"live_orders\": {live},",
        plan.messages, plan.symbols
    );
    println!(
        " \"levels\": {levels}, \"file_bytes\": {}, \"block\": {},",
        file.len(),
        Books::WARM_MAX
    );
    println!(" \"add_delete_replace_execute_cancel\": {:?}, \"results\": [", venue.counts);
    report(
        "decode",
        plan.messages,
        || Count(0),
        |sink| {
            decode(file, sink);
            black_box(sink.0)
        },
    );
    let sink = report("decode + book", plan.messages, fresh, |sink| {
        decode(file, sink);
        sink.bbo_changes
    });
    assert_eq!(sink.books.state_hash(), hash);
    let blocks = || InBlocks { inner: fresh(), block: [NOTHING; Books::WARM_MAX], count: 0 };
    let sink = report("decode + book, in blocks", plan.messages, blocks, |sink| {
        decode(file, sink);
        sink.flush();
        sink.inner.bbo_changes
    });
    assert_eq!(sink.inner.books.state_hash(), hash);
    let mut keep = Keep(Vec::with_capacity(plan.messages as usize));
    decode(file, &mut keep);
    let defined = || {
        let mut sink = fresh();
        (1..=plan.symbols).for_each(|id| sink.books.define(id, STEP).unwrap());
        sink
    };
    report("book", plan.messages, defined, |sink| {
        keep.0.iter().for_each(|update| sink.apply(update));
        sink.bbo_changes
    });
    println!("  null]}}");
}
