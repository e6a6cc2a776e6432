// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nanoseconds per matcher command, on three seeded workloads; prints JSON.
//!
//! The commands are made before the clock starts; every one names its order by the id that the
//! matcher gave out, and every report is written to a buffer that is read again. See
//! `benchmarks/README.md` for how to run it.
#![expect(clippy::print_stdout, reason = "its result is what it prints")]
#![expect(clippy::float_arithmetic, reason = "statistics of the result")]
#![expect(clippy::cast_precision_loss, reason = "nanoseconds and counts below 2^53")]
#![expect(clippy::unwrap_used, reason = "it stops when anything is wrong")]

use onetape_io::huge_pages::HugePages;
use std::time::Instant;

use onetape_core::book::BooksConfig;
use onetape_core::events::{CancelReason, Side, TimeInForce};
use onetape_core::exchange::market::SizeCondition;
use onetape_core::exchange::{
    Accepted, Canceled, Command, Extras, Fill, Matcher, MatcherConfig, NewOrder, Party, PriceTime,
    Rejected, Replaced, Reports, Rested,
};
use onetape_core::hash::mix;
use onetape_core::types::TickTable;

#[global_allocator]
static MEMORY: HugePages = HugePages;

const TICK: i64 = 100;
const MID: i64 = 10_000;
const RUNS: usize = 9;
/// Commands between two looks at the clock.
const CHUNK: usize = 16_384;
/// Records on the tape, a ring.
const TAPE: usize = 1_024;
/// Room for more than any workload needs, as an exchange would set it.
const ORDERS_MAX: u32 = 1 << 17;

/// What is measured. Shares are in percent; what is left over replaces an order's price.
struct Plan {
    name: &'static str,
    symbols: u64,
    resting: usize,
    commands: usize,
    limit: u64,
    immediate: u64,
    cancel: u64,
    reduce: u64,
    /// Width of the band of prices on each side, in steps.
    band: u64,
}

const PLANS: [Plan; 3] = [
    Plan {
        name: "one_symbol",
        symbols: 1,
        resting: 1_000,
        commands: 3_000_000,
        limit: 9,
        immediate: 3,
        cancel: 6,
        reduce: 0,
        band: 100,
    },
    Plan {
        name: "hundred_symbols",
        symbols: 100,
        resting: 10_000,
        commands: 3_000_000,
        limit: 9,
        immediate: 3,
        cancel: 6,
        reduce: 0,
        band: 100,
    },
    Plan {
        name: "itch_mix",
        symbols: 200,
        resting: 54_000,
        commands: 3_000_000,
        limit: 45,
        immediate: 4,
        cancel: 43,
        reduce: 2,
        band: 100,
    },
];

#[derive(Clone, Copy)]
struct Resting {
    id: u64,
    side: Side,
    leaves: u64,
    /// Over the chain of replacements.
    executed: u64,
}

/// Live orders while the workload is made, from the reports alone, as a client would know them.
#[derive(Default)]
struct Live {
    orders: Vec<Resting>,
    /// Place in `orders`, by id; ids rise by one.
    places: Vec<usize>,
    /// What the order that is coming in has executed.
    arriving: u64,
}

impl Live {
    fn remove(&mut self, id: u64) -> Option<Resting> {
        let place = std::mem::replace(&mut self.places[id as usize], usize::MAX);
        let gone = *self.orders.get(place)?;
        self.orders.swap_remove(place);
        if let Some(moved) = self.orders.get(place) {
            self.places[moved.id as usize] = place;
        }
        Some(gone)
    }

    fn shrink(&mut self, id: u64, leaves: u64, executed: u64) {
        let place = self.places[id as usize];
        if leaves == 0 {
            self.remove(id);
        } else if let Some(order) = self.orders.get_mut(place) {
            order.leaves = leaves;
            order.executed += executed;
        }
    }
}

impl Reports for Live {
    fn accepted(&mut self, report: &Accepted) {
        self.places.resize(report.order_id as usize + 1, usize::MAX);
        self.arriving = 0;
    }
    fn rested(&mut self, report: &Rested) {
        self.places[report.order_id as usize] = self.orders.len();
        let Rested { order_id: id, leaves, side, .. } = *report;
        self.orders.push(Resting { id, side, leaves, executed: self.arriving });
    }
    fn filled(&mut self, report: &Fill) {
        self.shrink(report.maker.order_id, report.maker.leaves, report.qty);
        self.arriving += report.qty;
    }
    fn canceled(&mut self, report: &Canceled) {
        self.shrink(report.order_id, report.leaves, 0);
    }
    fn replaced(&mut self, report: &Replaced) {
        self.arriving = self.remove(report.old_order_id).unwrap().executed;
        self.places.resize(report.order_id as usize + 1, usize::MAX);
    }
    fn rejected(&mut self, report: &Rejected) {
        panic!("the workload must be valid: {report:?}");
    }
}

/// `SplitMix64`, from a fixed seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 += 1;
        mix(self.0) % bound
    }
}

fn matcher(plan: &Plan) -> Matcher {
    let books = BooksConfig {
        orders_max: ORDERS_MAX,
        instruments_max: plan.symbols as u32,
        ..BooksConfig::default()
    };
    let mut matcher = Matcher::new(MatcherConfig { books, ..MatcherConfig::default() });
    for symbol in 1..=plan.symbols {
        matcher.define_instrument(symbol as u32, TickTable::us_equity_price4()).unwrap();
    }
    matcher
}

fn passive_price(draws: &mut Draws, plan: &Plan, side: Side) -> i64 {
    let steps = 1 + draws.below(plan.band).cast_signed();
    TICK * if side == Side::Buy { MID - steps } else { MID + steps }
}

fn limit(draws: &mut Draws, plan: &Plan) -> NewOrder {
    let symbol = 1 + draws.below(plan.symbols) as u32;
    let side = if draws.below(2) == 0 { Side::Buy } else { Side::Sell };
    let price = passive_price(draws, plan, side);
    let owner = 1 + draws.below(50) as u32;
    let qty = 100 * (1 + draws.below(5));
    NewOrder { client: draws.0, ..NewOrder::limit(symbol, owner, side, price, qty) }
}

fn immediate(draws: &mut Draws, plan: &Plan, live: &Live) -> NewOrder {
    let mut order = limit(draws, plan);
    // The book keeps its size: it takes from the front order, or a few where the book has grown.
    order.qty = if live.orders.len() > plan.resting { 3 * order.qty } else { 100 };
    order.price = TICK * if order.side == Side::Buy { MID * 2 } else { MID / 2 };
    order.time_in_force = TimeInForce::Ioc;
    order
}

fn command(draws: &mut Draws, plan: &Plan, live: &Live) -> Command {
    let share = draws.below(100);
    let Resting { id: order_id, side, leaves, executed } =
        live.orders[draws.below(live.orders.len() as u64) as usize];
    if share < plan.limit {
        return Command::Enter(limit(draws, plan));
    }
    if share < plan.limit + plan.immediate {
        return Command::Enter(immediate(draws, plan, live));
    }
    if share < plan.limit + plan.immediate + plan.cancel {
        return Command::Cancel { order_id, reason: CancelReason::User };
    }
    if share < plan.limit + plan.immediate + plan.cancel + plan.reduce {
        return Command::Reduce { order_id, qty: executed + leaves.div_ceil(2) };
    }
    let price = passive_price(draws, plan, side);
    Command::Replace { order_id, client: draws.0, price, qty: executed + leaves }
}

/// Commands that fill the book, and those that are measured, no more than `commands_max`.
fn workload(plan: &Plan, commands_max: usize) -> (Vec<Command>, Vec<Command>) {
    let (mut draws, mut live) = (Draws(plan.symbols << 32), Live::default());
    let mut matcher = matcher(plan);
    let mut prefill = Vec::with_capacity(plan.resting);
    while live.orders.len() < plan.resting {
        let next = Command::Enter(limit(&mut draws, plan));
        matcher.apply(&next, &mut live);
        prefill.push(next);
    }
    let mut commands = Vec::with_capacity(plan.commands);
    for _ in 0..plan.commands.min(commands_max) {
        let next = command(&mut draws, plan, &live);
        matcher.apply(&next, &mut live);
        commands.push(next);
    }
    eprintln!("{}: {} orders rest at the end", plan.name, live.orders.len());
    (prefill, commands)
}

/// One cache line of the tape: a report with all that a publisher and the owners need. A fill has one
/// for each side.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Record([u64; 8]);

/// Every report, written down.
struct Tape {
    records: Vec<Record>,
    written: usize,
}

impl Tape {
    #[inline]
    fn put(&mut self, words: [u64; 8]) {
        self.records[self.written % TAPE] = Record(words);
        self.written += 1;
    }

    /// Reads back what was written since.
    fn fold(&self, from: usize, digest: &mut [u64; 8]) {
        for place in from..self.written {
            for (lane, word) in digest.iter_mut().zip(self.records[place % TAPE].0) {
                *lane = lane.rotate_left(1) ^ word;
            }
        }
    }
}

/// Kind and three small fields, and two ids, as words.
const fn head(kind: u8, small: [u8; 3]) -> u64 {
    u32::from_le_bytes([kind, small[0], small[1], small[2]]) as u64
}

const fn pair(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

impl Reports for Tape {
    #[inline]
    fn accepted(&mut self, report: &Accepted) {
        let Accepted { order_id, client, price, qty, owner, instrument, side, .. } = *report;
        let life = report.time_in_force.raw() | u8::from(report.post_only) << 4;
        let what = head(1, [side.raw(), report.order_type.raw(), life]);
        let whose = pair(owner, instrument);
        self.put([what, order_id, client, price.cast_unsigned(), qty, whose, 0, 0]);
    }
    #[inline]
    fn rested(&mut self, report: &Rested) {
        let Rested { order_id, price, leaves, instrument, side, .. } = *report;
        let (what, whose) = (head(2, [side.raw(), 0, 0]), pair(0, instrument));
        self.put([what, order_id, 0, price.cast_unsigned(), leaves, whose, 0, 0]);
    }
    #[inline]
    fn filled(&mut self, report: &Fill) {
        let Fill { match_id, price, qty, instrument, maker_side, maker, taker, .. } = *report;
        for (kind, party) in [(3, maker), (4, taker)] {
            let Party { order_id, client, leaves, arrival_mid2, owner } = party;
            let what = head(kind, [maker_side.raw(), 0, 0]) | (qty << 32);
            let (price, mid) = (price.cast_unsigned(), arrival_mid2.cast_unsigned());
            let whose = pair(owner, instrument);
            self.put([what, order_id, client, price, leaves, whose, match_id, mid]);
        }
    }
    #[inline]
    fn canceled(&mut self, report: &Canceled) {
        let Canceled { order_id, client, qty, leaves, owner, instrument, reason, rested, .. } =
            *report;
        let what = head(5, [reason.raw(), u8::from(rested), 0]);
        self.put([what, order_id, client, 0, qty, pair(owner, instrument), leaves, 0]);
    }
    #[inline]
    fn replaced(&mut self, report: &Replaced) {
        let Replaced { old_order_id, order_id, client, price, qty, owner, instrument, side } =
            *report;
        let (what, whose) = (head(6, [side.raw(), 0, 0]), pair(owner, instrument));
        self.put([what, order_id, client, price.cast_unsigned(), qty, whose, old_order_id, 0]);
    }
    #[inline]
    fn rejected(&mut self, report: &Rejected) {
        panic!("the workload must be valid: {report:?}");
    }
}

/// What one run took, in nanoseconds.
struct Spent {
    /// On the processor, other programs left out.
    cpu: f64,
    /// By the clock, for each chunk.
    chunks: Vec<f64>,
}

/// Nanoseconds that this thread has had the processor.
fn cpu_ns() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// How the commands are done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    OneByOne,
    ReadAhead,
    /// In instruments that hold a hidden order, which nobody can trade with.
    Long,
}

const WAYS: [Way; 3] = [Way::OneByOne, Way::ReadAhead, Way::Long];

/// Puts an order into each instrument that makes the matcher look at everything.
fn hide(matcher: &mut Matcher, plan: &Plan) {
    let size = SizeCondition::All;
    for symbol in 1..=plan.symbols {
        let order = NewOrder::limit(symbol as u32, 60, Side::Buy, 1, 1 << 40);
        // Under ids that do not move those of the workload.
        let extras = Extras { size, order_id: (1 << 50) + symbol, ..Extras::PLAIN };
        matcher.enter_with(&order, &extras, &mut Vec::with_capacity(1));
    }
}

/// Runs the workload once; gives what it took, and count and digest of its reports.
#[inline(never)]
fn measure(plan: &Plan, prefill: &[Command], commands: &[Command], way: Way) -> (Spent, [u64; 2]) {
    let mut matcher = matcher(plan);
    if way == Way::Long {
        hide(&mut matcher, plan);
    }
    let mut tape = Tape { records: vec![Record([0; 8]); TAPE], written: 0 };
    let mut digest = [0; 8];
    for each in prefill {
        matcher.apply(each, &mut tape);
    }
    let mut chunks = Vec::with_capacity(commands.len() / CHUNK + 1);
    let cpu_before = cpu_ns();
    for chunk in commands.chunks(CHUNK) {
        let start = Instant::now();
        for batch in chunk.chunks(Matcher::<PriceTime>::WARM_MAX) {
            let from = tape.written;
            if way == Way::ReadAhead {
                matcher.warm(batch);
            }
            for each in batch {
                matcher.apply(each, &mut tape);
            }
            tape.fold(from, &mut digest);
        }
        chunks.push(start.elapsed().as_nanos() as f64);
    }
    let cpu = cpu_ns() - cpu_before;
    let digest = digest.into_iter().fold(0, |all, lane| mix(all ^ lane));
    (Spent { cpu, chunks }, [tape.written as u64, digest])
}

/// Nanoseconds a command: processor time of the best and of the median run; and by the clock with
/// each chunk at its best over the runs, which leaves out what other programs took of the caches.
fn summary(runs: &[Spent], commands: usize) -> String {
    let mut cpu: Vec<f64> = runs.iter().map(|run| run.cpu).collect();
    cpu.sort_by(f64::total_cmp);
    let best_of = |chunk: usize| runs.iter().map(|run| run.chunks[chunk]).fold(f64::MAX, f64::min);
    let undisturbed: f64 = (0..runs[0].chunks.len()).map(best_of).sum();
    let [best, median, undisturbed] =
        [cpu[0], cpu[runs.len() / 2], undisturbed].map(|spent| spent / commands as f64);
    format!(
        "{{\"cpu_best_run\": {best:.1}, \"cpu_median_run\": {median:.1}, \
         \"clock_best_chunks\": {undisturbed:.1}}}"
    )
}

/// Arguments: a workload's name, how many runs, how many commands; each may be left out.
fn main() {
    let given: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let number = |place: usize| given.get(place).map(|text| text.parse::<usize>().unwrap());
    let runs_count = number(1).unwrap_or(RUNS);
    let mut lines = Vec::new();
    for plan in PLANS.iter().filter(|plan| given.first().is_none_or(|name| name == plan.name)) {
        let (prefill, commands) = workload(plan, number(2).unwrap_or(usize::MAX));
        let mut runs = WAYS.map(|_| Vec::new());
        let mut digests = [[0; 2]; WAYS.len()];
        for _ in 0..runs_count {
            for (way, (runs, digest)) in WAYS.into_iter().zip(runs.iter_mut().zip(&mut digests)) {
                let (spent, folded) = measure(plan, &prefill, &commands, way);
                runs.push(spent);
                *digest = folded;
            }
        }
        assert_eq!(digests[0], digests[1], "reading ahead changes nothing");
        assert_eq!(digests[0], digests[2], "an order that nobody can trade with changes nothing");
        lines.push(format!(
            "    {{\"name\": \"{}\", \"commands\": {}, \"symbols\": {}, \"resting\": {}, \
             \"reports\": {}, \"digest\": \"{:016x}\", \"runs\": {runs_count},\n     \
             \"ns_one_by_one\": {},\n     \"ns_read_ahead\": {},\n     \"ns_long_way\": {}}}",
            plan.name,
            commands.len(),
            plan.symbols,
            plan.resting,
            digests[0][0],
            digests[0][1],
            summary(&runs[0], commands.len()),
            summary(&runs[1], commands.len()),
            summary(&runs[2], commands.len()),
        ));
    }
    println!(
        "{{\n  \"benchmark\": \"matching\",\n  \"results\": [\n{}\n  ]\n}}",
        lines.join(",\n")
    );
}
