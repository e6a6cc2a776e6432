// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nanoseconds per matcher command, on three seeded workloads; prints JSON.
//!
//! The commands are made before the clock starts; every one names its order by the id that the
//! matcher gave out, and every report is written to a buffer that is read again. See
//! `benchmarks/README.md` for how to run it.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "its result is what it prints")]
#![expect(clippy::float_arithmetic, reason = "statistics of the result")]
#![expect(clippy::cast_precision_loss, reason = "nanoseconds and counts below 2^53")]
#![expect(clippy::unwrap_used, reason = "it stops when anything is wrong")]

use std::time::Instant;

use onetape_core::book::BooksConfig;
use onetape_core::events::{CancelReason, Side, TimeInForce};
use onetape_core::exchange::{
    Accepted, Canceled, Command, Fill, Matcher, MatcherConfig, NewOrder, Rejected, Replaced,
    Report, Reports, Rested,
};
use onetape_core::hash::mix;
use onetape_core::types::TickTable;

const TICK: i64 = 100;
const MID: i64 = 10_000;
const RUNS: usize = 7;

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
        orders_max: (plan.resting * 2) as u32,
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
    // Takes about one resting order, and more where the book has grown: it keeps its size.
    order.qty *= if live.orders.len() > plan.resting { 3 } else { 1 };
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

/// Commands that fill the book, and those that are measured.
fn workload(plan: &Plan) -> (Vec<Command>, Vec<Command>) {
    let (mut draws, mut live) = (Draws(plan.symbols << 32), Live::default());
    let mut matcher = matcher(plan);
    let mut prefill = Vec::with_capacity(plan.resting);
    while live.orders.len() < plan.resting {
        let next = Command::Enter(limit(&mut draws, plan));
        matcher.apply(&next, &mut live);
        prefill.push(next);
    }
    let mut commands = Vec::with_capacity(plan.commands);
    for _ in 0..plan.commands {
        let next = command(&mut draws, plan, &live);
        matcher.apply(&next, &mut live);
        commands.push(next);
    }
    eprintln!("{}: {} orders rest at the end", plan.name, live.orders.len());
    (prefill, commands)
}

/// Reads back what was written.
fn fold(reports: &[Report], digest: &mut [u64; 2]) {
    digest[0] += reports.len() as u64;
    for report in reports {
        digest[1] = digest[1].rotate_left(1)
            ^ match report {
                Report::Accepted(report) => report.order_id,
                Report::Rested(report) => report.leaves,
                Report::Filled(report) => report.match_id ^ report.qty,
                Report::Canceled(report) => report.order_id ^ report.qty,
                Report::Replaced(report) => report.order_id ^ report.old_order_id,
                Report::Rejected(report) => report.client,
            };
    }
}

fn measure(plan: &Plan, prefill: &[Command], commands: &[Command]) -> (f64, [u64; 2]) {
    let mut matcher = matcher(plan);
    let mut reports: Vec<Report> = Vec::with_capacity(4_096);
    let mut digest = [0; 2];
    for each in prefill {
        matcher.apply(each, &mut reports);
        reports.clear();
    }
    let start = Instant::now();
    for batch in commands.chunks(64) {
        for each in batch {
            matcher.apply(each, &mut reports);
        }
        fold(&reports, &mut digest);
        reports.clear();
    }
    let spent_ns = start.elapsed().as_nanos() as f64;
    (spent_ns / commands.len() as f64, digest)
}

fn main() {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let mut lines = Vec::new();
    for plan in PLANS.iter().filter(|plan| only.as_deref().is_none_or(|name| name == plan.name)) {
        let (prefill, commands) = workload(plan);
        let mut spent: Vec<f64> = Vec::new();
        let mut digest = [0; 2];
        for _ in 0..RUNS {
            let (ns, folded) = measure(plan, &prefill, &commands);
            spent.push(ns);
            digest = folded;
        }
        spent.sort_by(f64::total_cmp);
        lines.push(format!(
            "    {{\"name\": \"{}\", \"commands\": {}, \"symbols\": {}, \"resting\": {}, \
             \"reports\": {}, \"digest\": \"{:016x}\", \"runs\": {RUNS}, \
             \"ns_per_command_best\": {:.1}, \"ns_per_command_median\": {:.1}}}",
            plan.name,
            plan.commands,
            plan.symbols,
            plan.resting,
            digest[0],
            digest[1],
            spent[0],
            spent[RUNS / 2],
        ));
    }
    println!(
        "{{\n  \"benchmark\": \"matching\",\n  \"results\": [\n{}\n  ]\n}}",
        lines.join(",\n")
    );
}
