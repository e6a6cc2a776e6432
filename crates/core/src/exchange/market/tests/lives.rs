// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! 13 and 14: how long orders live, what a replacement changes of it, and mass cancels; snapshots.

use super::random::Draws;
use super::*;
use crate::component::Snapshot;
use crate::events::CancelReason;
use crate::exchange::market::{
    Auction, Display, Life, PegTo, Pricing, Replacement, SizeCondition, Which,
};

fn until(end_ns: TsNs, request: OrderRequest) -> OrderRequest {
    OrderRequest { life: Life::Until(end_ns), ..request }
}

fn gtc(request: OrderRequest) -> OrderRequest {
    OrderRequest { life: Life::Gtc, ..request }
}

fn change(price: Ticks, qty: u64, life: Option<Life>) -> Replacement {
    Replacement { client: 0, qty, price, life, stop: None, keeps_original: false }
}

#[test]
fn what_has_expired_goes_before_the_input_acts_lowest_id_first() {
    let mut stage = Stage::open();
    stage.taken(until(50, sell(101, 1)));
    stage.taken(until(30, sell(100, 1)));
    stage.taken(until(40, OrderRequest { stop: Some(105), ..buy(105, 1) }));
    let pricing = Pricing::Peg { to: PegTo::Primary, offset: 0, limit: None };
    stage.taken(until(50, OrderRequest { pricing, display: Display::Hidden, ..buy(0, 1) }));
    stage.taken(until(51, sell(102, 1)));
    stage.out.0.clear();
    stage.now_ns = 50;
    stage.taken(buy(102, 2));
    assert_eq!(
        stage.said(),
        [
            "canceled 1 1 Expired",
            "canceled 2 1 Expired",
            "canceled 3 1 Expired",
            "canceled 4 1 Expired",
            "accepted 6 2@102",
            "filled 5 by 6 1@102",
            "rested 6 1@102",
        ]
    );
    stage.market.tick(51, &mut stage.out);
    assert!(stage.said().is_empty(), "what has traded does not expire");
}

#[test]
fn a_reserve_that_showed_its_next_slice_still_outlives_the_day() {
    let mut stage = Stage::open();
    stage.taken(gtc(OrderRequest { display: Display::Reserve { displayed: 2 }, ..buy(100, 9) }));
    stage.taken(buy(101, 3));
    stage.taken(gtc(buy(99, 1)));
    stage.taken(gtc(OrderRequest { display: Display::Hidden, ..buy(98, 1) }));
    stage.taken(sell(100, 5));
    stage.out.0.clear();
    stage.market.day_ended(2, &mut stage.out);
    assert_eq!(stage.said(), ["Closed after Continuous", "Closed after Continuous"]);
    stage.market.day_started(3, &mut stage.out);
    assert_eq!(stage.said(), ["rested 6 2@100", "rested 3 1@99"]);
    assert_eq!(stage.market.live_orders(), 3);
}

#[test]
fn a_replacement_may_change_how_long_it_lives() {
    let mut stage = Stage::open();
    stage.taken(buy(100, 5));
    stage.taken(gtc(buy(99, 5)));
    stage.taken(gtc(buy(98, 5)));
    assert_eq!(
        stage.market.replace(1, 1, &change(100, 5, Some(Life::Gtc)), &mut stage.out),
        Some(4)
    );
    assert_eq!(
        stage.market.replace(1, 2, &change(99, 5, Some(Life::Day)), &mut stage.out),
        Some(5)
    );
    assert_eq!(stage.market.replace(1, 3, &change(97, 5, None), &mut stage.out), Some(6));
    let ioc = change(97, 5, Some(Life::Ioc));
    stage.taken(buy(96, 5));
    assert_eq!(stage.market.replace(1, 7, &ioc, &mut stage.out), Some(8));
    assert_eq!(stage.market.order(8), None, "it does not rest");
    stage.out.0.clear();
    stage.market.day_ended(2, &mut stage.out);
    let said = stage.said();
    assert_eq!(said[2..], ["canceled 5 5 DayEnded"]);
    assert!(stage.market.order(4).is_some() && stage.market.order(6).is_some());
}

#[test]
fn a_replacement_that_cannot_be_cancels_the_original() {
    let mut stage = Stage::open();
    for bad in [
        change(0, 5, None),
        change(100, 0, None),
        change(100, crate::exchange::QTY_MAX + 1, None),
        change(100, 5, Some(Life::Until(1))),
    ] {
        let order_id = stage.taken(buy(100, 5));
        stage.out.0.clear();
        assert_eq!(stage.market.replace(1, order_id, &bad, &mut stage.out), None);
        assert_eq!(stage.said(), [format!("canceled {order_id} 5 Replace")]);
    }
    let order_id = stage.taken(OrderRequest { auction: Auction::Close, ..buy(100, 5) });
    stage.out.0.clear();
    let bad = change(100, 5, Some(Life::Gtc));
    assert_eq!(stage.market.replace(1, order_id, &bad, &mut stage.out), None);
    assert_eq!(stage.said(), [format!("canceled {order_id} 5 Replace")]);
}

#[test]
fn a_replacement_that_the_phase_refuses_leaves_the_original() {
    let mut stage = Stage::open();
    let order_id = stage.taken(buy(100, 5));
    stage.phase(Phase::Halted);
    stage.out.0.clear();
    assert_eq!(stage.market.replace(1, order_id, &change(99, 5, None), &mut stage.out), None);
    assert_eq!(stage.said(), ["rejected NotTrading"]);
    assert!(stage.market.cancel(1, order_id, CancelReason::User, &mut stage.out));
}

#[test]
fn a_peg_keeps_its_chain_through_all_it_does() {
    let mut stage = Stage::open();
    stage.taken(buy(100, 1));
    let pricing = Pricing::Peg { to: PegTo::Primary, offset: 1, limit: None };
    let size = SizeCondition::Minimum(2);
    stage.taken(OrderRequest { pricing, size, display: Display::Hidden, ..buy(0, 10) });
    stage.taken(OrderRequest { life: Life::Ioc, ..sell(101, 4) });
    assert_eq!(stage.market.order(2).map(|order| (order.leaves, order.executed)), Some((6, 4)));
    stage.out.0.clear();
    let new = stage.market.replace(1, 2, &change(98, 7, None), &mut stage.out);
    assert_eq!(new, Some(4));
    stage.market.cancel(1, 1, CancelReason::User, &mut stage.out);
    assert_eq!(
        stage.said(),
        ["replaced 2 by 4 3@98", "rested 4 0@98", "canceled 1 1 User", "restated 4 as 5 3@0 Peg"]
    );
    stage.taken(buy(96, 1));
    assert_eq!(stage.said()[2..], ["restated 5 as 7 3@97 Peg", "rested 7 0@97"]);
    stage.market.reduce(1, 7, 5, &mut stage.out);
    assert_eq!(stage.market.order(7).map(|order| (order.leaves, order.executed)), Some((1, 4)));
}

#[test]
fn a_mass_cancel_finds_orders_wherever_they_are_lowest_id_first() {
    let mut stage = Stage::open();
    stage.market.set_firm(1, 7);
    stage.market.set_firm(3, 7);
    let of = |owner, request| OrderRequest { owner, ..request };
    stage.taken(of(3, sell(105, 1)));
    stage.taken(of(1, OrderRequest { stop: Some(104), ..buy(104, 1) }));
    stage.taken(of(1, OrderRequest { auction: Auction::Close, ..buy(101, 1) }));
    stage.taken(of(2, buy(99, 1)));
    stage.taken(of(1, OrderRequest { instrument: 2, ..buy(99, 1) }));
    stage.taken(of(1, OrderRequest { display: Display::Hidden, ..buy(97, 1) }));
    stage.out.0.clear();
    let buys = Which { firm: Some(7), side: Some(Side::Buy), ..Which::default() };
    let count = stage.market.cancel_all(1, &buys, CancelReason::MassCancel, &mut stage.out);
    assert_eq!(count, 4);
    let wanted = [2, 3, 5, 6].map(|id| format!("canceled {id} 1 MassCancel"));
    assert_eq!(stage.said(), wanted);
    assert_eq!(stage.market.cancel_owner(1, 3, CancelReason::Killed, &mut stage.out), 1);
    assert_eq!(stage.market.live_orders(), 1);
}

/// A market with orders of all kinds, and its snapshot.
fn full() -> (Stage, Vec<u8>) {
    let rules = InstrumentRules { band_bps: 900, reference: 100, ..InstrumentRules::default() };
    let mut stage = Stage::closed(rules);
    stage.phase(Phase::Continuous);
    let mut draws = Draws(77);
    for _ in 0..2_000 {
        stage.now_ns += 1_000_000;
        let request = draws.request(stage.now_ns);
        stage.enter(request);
    }
    stage.out.0.clear();
    let mut bytes = Vec::new();
    stage.market.save(&mut bytes);
    (stage, bytes)
}

#[test]
fn a_market_goes_on_from_its_snapshot_as_if_nothing_had_been() {
    let (mut stage, _) = full();
    let market = stage.again();
    let mut other = Stage { market, out: ReportList::default(), now_ns: stage.now_ns };
    let (mut draws, mut same_draws) = (Draws(99), Draws(99));
    for _ in 0..3_000 {
        for (stage, draws) in [(&mut stage, &mut draws), (&mut other, &mut same_draws)] {
            stage.now_ns += 100_000_000;
            stage.random_step(draws);
        }
        assert_eq!(stage.out, other.out);
        stage.out.0.clear();
        other.out.0.clear();
        assert_eq!(stage.market.state_hash(), other.market.state_hash());
    }
}

#[test]
fn a_damaged_snapshot_is_refused_or_another_state_but_never_a_crash() {
    let (stage, bytes) = full();
    let mut market = Market::new(stage.market.config());
    for length in (0..bytes.len()).step_by(61) {
        assert!(market.restore(&mut &bytes[..length]).is_err(), "cut at {length}");
    }
    let mut draws = Draws(5);
    for _ in 0..400 {
        let mut damaged = bytes.clone();
        let place = draws.below(bytes.len() as u64) as usize;
        damaged[place] ^= 1 << draws.below(8);
        if market.restore(&mut damaged.as_slice()).is_ok() {
            let mut saved = Vec::new();
            market.save(&mut saved);
        }
    }
    market.restore(&mut bytes.as_slice()).unwrap();
    assert_eq!(market.state_hash(), stage.market.state_hash());
}
