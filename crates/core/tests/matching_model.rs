// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The matcher against a matcher made of sorted maps, command by command; the replayed market
//! against the feed's book; snapshots against the run that goes on.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

mod plain;

use onetape_core::book::{Books, BooksConfig};
use onetape_core::component::Snapshot;
use onetape_core::events::{
    CancelReason, MarketAction, MarketUpdated, OrderType, Side, StpMode, TimeInForce, TradingStatus,
};
use onetape_core::exchange::market::SizeCondition;
use onetape_core::exchange::{
    Command, Extras, Matcher, MatcherConfig, NewOrder, Policy, Replayed, Report, Reports,
};
use onetape_core::hash::mix;
use onetape_core::types::{Rung, TickTable};
use plain::Plain;

const INSTRUMENTS: u32 = 3;

struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 += 1;
        mix(self.0) % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn side(&mut self) -> Side {
        self.pick(&[Side::Buy, Side::Sell])
    }

    /// Mostly around 1,000, on a step of 5 from there up; now and then far off, or not allowed.
    fn price(&mut self) -> i64 {
        match self.below(60) {
            0 => self.pick(&[0, -5, 1_003, i64::MAX, 500_000, 1]),
            _ => 1_050 - self.below(20).cast_signed() * 5,
        }
    }

    fn qty(&mut self) -> u64 {
        if self.below(80) == 0 {
            return self.pick(&[0, 1 << 41, u64::MAX]);
        }
        1 + self.below(30)
    }
}

fn tick_table() -> TickTable {
    let rungs = [Rung { from: 0, increment: 1 }, Rung { from: 900, increment: 5 }];
    TickTable::from_rungs(&rungs).unwrap()
}

fn matcher<P: Policy>() -> Matcher<P> {
    let books =
        BooksConfig { orders_max: 50_000, instruments_max: INSTRUMENTS, ..BooksConfig::default() };
    let mut matcher =
        Matcher::new(MatcherConfig { books, ghosts_max: 8_192, ..MatcherConfig::default() });
    for instrument in 1..=INSTRUMENTS {
        matcher.define_instrument(instrument, tick_table()).unwrap();
    }
    matcher
}

fn enter(draws: &mut Draws, client: u64) -> Command {
    let qty = draws.qty();
    let mut order = NewOrder::limit(
        1 + (draws.below(200) as u32).min(INSTRUMENTS * 66) / 66,
        (draws.below(40) as u32).div_ceil(10),
        draws.side(),
        draws.price(),
        qty,
    );
    order.client = client;
    let life = [TimeInForce::Day, TimeInForce::Day, TimeInForce::Ioc, TimeInForce::Fok];
    order.time_in_force = draws.pick(&life);
    order.stp = draws.pick(&[StpMode::Off, StpMode::CancelNewest]);
    order.post_only = draws.below(12) == 0;
    if order.time_in_force == TimeInForce::Ioc && draws.below(3) == 0 {
        order.min_qty = 1 + draws.below(40);
    }
    if draws.below(10) == 0 {
        order.order_type = OrderType::Market;
        order.price = 0;
    }
    Command::Enter(order)
}

/// Most orders named rest; one in twenty is unknown.
fn command<P: Policy>(draws: &mut Draws, matcher: &Matcher<P>, step: u64) -> Command {
    let (instrument, place) = (1 + draws.below(u64::from(INSTRUMENTS)) as u32, draws.below(8));
    let side = draws.side();
    let known = matcher.orders(instrument, side).nth(place as usize).map(|order| order.order_ref);
    let is_known = draws.below(20) != 0;
    let order_id = known.filter(|_| is_known).unwrap_or(step * 3);
    match draws.below(1_000) {
        0..600 => enter(draws, step),
        600..640 => Command::Cancel { order_id, reason: CancelReason::User },
        640..700 => Command::Reduce { order_id, qty: draws.below(60) },
        700..985 => {
            Command::Replace { order_id, client: step, price: draws.price(), qty: draws.qty() }
        }
        985..986 => Command::CancelOwner {
            owner: draws.below(5) as u32,
            instrument: draws.below(u64::from(INSTRUMENTS) + 2) as u32,
            reason: CancelReason::RunEnded,
        },
        _ => Command::SetStatus {
            instrument: draws.below(u64::from(INSTRUMENTS) + 2) as u32,
            status: draws.pick(&[
                TradingStatus::Trading,
                TradingStatus::Trading,
                TradingStatus::Trading,
                TradingStatus::Trading,
                TradingStatus::Trading,
                TradingStatus::Unknown,
                TradingStatus::Halted,
                TradingStatus::Quoting,
            ]),
        },
    }
}

fn assert_same_books(matcher: &Matcher, plain: &Plain) {
    for instrument in 1..=INSTRUMENTS {
        for side in [Side::Buy, Side::Sell] {
            let mut ours = matcher.orders(instrument, side);
            for theirs in plain.queue(instrument, side) {
                let order = ours.next().unwrap();
                assert_eq!((order.order_ref, order.qty), (theirs.id, theirs.leaves));
                assert_eq!((order.owner, order.price), (theirs.ask.owner, theirs.ask.price));
            }
            assert_eq!(ours.next(), None);
        }
    }
}

#[test]
fn a_million_commands_equal_the_plain_matcher() {
    let (mut matcher, mut plain) = (matcher(), Plain::default());
    for instrument in 1..=INSTRUMENTS {
        plain.define(instrument, tick_table());
    }
    let (mut draws, mut out, mut kinds) = (Draws(0), Vec::new(), [0_u64; 7]);
    for step in 0..1_000_000 {
        let next = command(&mut draws, &matcher, step);
        matcher.apply(&next, &mut out);
        plain.apply(&next);
        assert_eq!(out, plain.out, "step {step}, {next:?}");
        for report in &out {
            kinds[kind(report)] += 1;
        }
        out.clear();
        plain.out.clear();
        if step % 1_000 == 0 {
            assert_same_books(&matcher, &plain);
        }
    }
    assert_same_books(&matcher, &plain);
    assert!(kinds.iter().all(|&count| count > 20_000), "every kind was tried: {kinds:?}");
}

/// A hidden order that nobody can trade with makes every command go the long way.
#[test]
fn the_long_way_does_what_the_short_way_does() {
    let (mut short, mut long): (Matcher, Matcher) = (matcher(), matcher());
    let mut out = [Vec::new(), Vec::new()];
    for instrument in 1..=INSTRUMENTS {
        let order = NewOrder::limit(instrument, 99, Side::Buy, 1, 1 << 40);
        let all = Extras { size: SizeCondition::All, ..Extras::PLAIN };
        assert_eq!(long.enter_with(&order, &all, &mut out[1]), Some(short.next_order_id()));
    }
    out[1].clear();
    let mut draws = Draws(7);
    // From a step on where no command names the hidden orders by chance.
    for step in 10..300_000 {
        let next = command(&mut draws, &short, step);
        short.apply(&next, &mut out[0]);
        long.apply(&next, &mut out[1]);
        assert_eq!(out[0], out[1], "step {step}, {next:?}");
        out.iter_mut().for_each(Vec::clear);
    }
    assert_eq!(short.books().state_hash(), long.books().state_hash());
    assert!(
        long.match_id_last() > 20_000 && long.live_orders() == short.live_orders() + INSTRUMENTS
    );
}

fn kind(report: &Report) -> usize {
    match report {
        Report::Accepted(_) => 0,
        Report::Rested(_) => 1,
        Report::Filled(_) => 2,
        Report::Canceled(_) => 3,
        Report::Replaced(_) => 4,
        Report::Rejected(_) => 5,
        Report::Prevented(_) => 6,
        Report::Restated(_) | Report::Crossed(_) => unreachable!("no plain order does that"),
    }
}

/// One historical message about the references 1 to 4,000.
fn market_update(draws: &mut Draws) -> MarketUpdated {
    let actions = [
        MarketAction::Add,
        MarketAction::Add,
        MarketAction::Add,
        MarketAction::Execute,
        MarketAction::Reduce,
        MarketAction::Delete,
        MarketAction::Replace,
        MarketAction::Set,
        MarketAction::Trade,
    ];
    let order_ref = 1 + draws.below(4_000);
    let successor = order_ref + u64::from(INSTRUMENTS) * draws.below(50);
    let action = if draws.below(5_000) == 0 { MarketAction::Clear } else { draws.pick(&actions) };
    MarketUpdated {
        venue_ts_ns: 0,
        order_ref,
        other_ref: successor,
        price_ticks: 1_050 - draws.below(20).cast_signed() * 5,
        qty_lots: draws.below(20),
        // A reference stands for one instrument, as at a venue.
        instrument_id: 1 + (order_ref % u64::from(INSTRUMENTS)) as u32,
        action: action.raw(),
        side: draws.side().raw(),
        flags: 0,
    }
}

#[test]
fn with_nothing_of_ours_the_venue_equals_the_feed() {
    let mut venue: Matcher<Replayed> = matcher();
    let mut feed = Books::new(venue.config().books);
    for instrument in 1..=INSTRUMENTS {
        feed.define(instrument, 5).unwrap();
    }
    let (mut draws, mut out) = (Draws(1), Vec::new());
    for step in 0..300_000 {
        let update = market_update(&mut draws);
        venue.market_update(&update, &mut out);
        let _ = feed.apply_market(&update);
        if step % 500 == 0 {
            assert_eq!(venue.books().state_hash(), feed.state_hash(), "step {step}");
        }
    }
    assert_eq!(venue.books().state_hash(), feed.state_hash());
    assert_eq!(out, []);
}

/// Orders of ours come and go, and leave no trace once history has replaced what they met.
#[test]
fn a_market_of_ours_and_history_keeps_its_invariants() {
    let mut venue: Matcher<Replayed> = matcher();
    let (mut draws, mut out) = (Draws(2), Vec::new());
    let mut fills = 0;
    for step in 0..200_000 {
        if draws.below(4) == 0 {
            let next = command(&mut draws, &venue, step);
            venue.apply(&next, &mut out);
        } else {
            venue.market_update(&market_update(&mut draws), &mut out);
        }
        fills += out.iter().filter(|report| kind(report) == 2).count();
        out.clear();
        if step % 2_000 == 0 {
            assert_snapshot(&venue, &matcher());
        }
    }
    assert!(fills > 10_000);
    assert_eq!(venue.market_counters().ghosts_lost, 0);
    for instrument in 1..=INSTRUMENTS {
        for owner in 1..=4 {
            venue.cancel_owner(owner, instrument, CancelReason::RunEnded, &mut out);
        }
        venue.market_clear(instrument, &mut out);
    }
    assert_eq!((venue.live_orders(), venue.books().live_orders()), (0, 0));
}

/// Saved and taken up again, in the form `fresh`, the state is the same and saves the same bytes.
fn assert_snapshot<P: Policy>(from: &Matcher<P>, fresh: &Matcher<P>) {
    let mut saved = Vec::new();
    from.save(&mut saved);
    let mut again = Matcher::<P>::new(fresh.config());
    let mut rest = saved.as_slice();
    again.restore(&mut rest).unwrap();
    assert_eq!((rest.len(), again.state_hash()), (0, from.state_hash()));
    let mut saved_again = Vec::new();
    again.save(&mut saved_again);
    assert_eq!(saved, saved_again);
    let mut cut = &saved[..saved.len() - 1];
    assert!(again.restore(&mut cut).is_err());
}

fn run(matcher: &mut Matcher<Replayed>, draws: &mut Draws, out: &mut impl Reports) {
    for step in 0..5_000 {
        let next = command(draws, matcher, step);
        matcher.apply(&next, out);
        matcher.market_update(&market_update(draws), out);
    }
}

#[test]
fn a_snapshot_goes_on_as_the_original_does() {
    let mut first: Matcher<Replayed> = matcher();
    let mut reports = Vec::new();
    run(&mut first, &mut Draws(3), &mut reports);
    let mut saved = Vec::new();
    first.save(&mut saved);
    let mut second: Matcher<Replayed> = matcher();
    run(&mut second, &mut Draws(4), &mut reports);
    assert_ne!(first.state_hash(), second.state_hash());
    second.restore(&mut saved.as_slice()).unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    run(&mut first, &mut Draws(5), &mut ours);
    run(&mut second, &mut Draws(5), &mut theirs);
    assert_eq!(ours, theirs);
    assert_eq!(first.state_hash(), second.state_hash());
}
