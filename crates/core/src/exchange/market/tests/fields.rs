// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! 1: what goes together in an order, and in which phase it is taken (11).

use super::*;
use crate::exchange::market::{Auction, Display, Life, PegTo, PostOnly, Pricing, SizeCondition};
use crate::exchange::{PRICE_MAX, QTY_MAX};

const PEG: Pricing = Pricing::Peg { to: PegTo::Primary, offset: 0, limit: None };

fn with(change: impl FnOnce(&mut OrderRequest)) -> OrderRequest {
    let mut request = buy(100, 10);
    change(&mut request);
    request
}

fn answer(stage: &mut Stage, request: OrderRequest) -> String {
    stage.enter(request);
    let said = stage.said();
    let first = said[0].split(' ');
    first.take(if said[0].starts_with("rejected") { 2 } else { 1 }).collect::<Vec<_>>().join(" ")
}

#[test]
fn parts_that_do_not_go_together_are_refused() {
    let refused = [
        with(|order| order.owner = 0),
        with(|order| order.pricing = PEG),
        with(|order| (order.pricing, order.display) = (PEG, Display::Reserve { displayed: 1 })),
        with(|order| order.size = SizeCondition::Minimum(5)),
        with(|order| order.size = SizeCondition::All),
        with(|order| {
            (order.size, order.display) = (SizeCondition::All, Display::Reserve { displayed: 5 });
        }),
        with(|order| {
            (order.size, order.display) = (SizeCondition::Minimum(11), Display::Hidden);
        }),
        with(|order| {
            (order.size, order.display) = (SizeCondition::Minimum(0), Display::Hidden);
        }),
        with(|order| order.display = Display::Reserve { displayed: 0 }),
        with(|order| order.display = Display::Reserve { displayed: 11 }),
        with(|order| (order.post_only, order.pricing) = (PostOnly::Slide, Pricing::Market)),
        with(|order| (order.post_only, order.stop) = (PostOnly::Reject, Some(101))),
        with(|order| (order.post_only, order.life) = (PostOnly::Reject, Life::Ioc)),
        with(|order| (order.post_only, order.life) = (PostOnly::Reject, Life::Fok)),
        with(|order| (order.post_only, order.auction) = (PostOnly::Reject, Auction::Close)),
        with(|order| {
            (order.pricing, order.display, order.stop) = (PEG, Display::Hidden, Some(100));
        }),
        with(|order| {
            (order.pricing, order.display, order.life) = (PEG, Display::Hidden, Life::Ioc);
        }),
        with(|order| (order.stop, order.auction) = (Some(100), Auction::Close)),
        with(|order| (order.stop, order.display) = (Some(100), Display::Hidden)),
        with(|order| (order.auction, order.display) = (Auction::Close, Display::Hidden)),
        with(|order| (order.auction, order.life) = (Auction::Close, Life::Gtc)),
        with(|order| (order.pricing, order.life) = (Pricing::Market, Life::Gtc)),
        with(|order| (order.pricing, order.life) = (Pricing::Market, Life::Fok)),
        with(|order| (order.pricing, order.display) = (Pricing::Market, Display::Hidden)),
        with(|order| (order.pricing, order.size) = (Pricing::Market, SizeCondition::All)),
        with(|order| order.life = Life::Until(1)),
    ];
    let mut stage = Stage::open();
    for request in refused {
        assert_eq!(answer(&mut stage, request), "rejected FieldInvalid", "{request:?}");
    }
    assert_eq!(stage.market.matcher().order_id_last(), 0);
}

#[test]
fn parts_that_go_together_are_taken() {
    let taken = [
        with(|order| (order.pricing, order.display) = (PEG, Display::Hidden)),
        with(|order| (order.size, order.life) = (SizeCondition::All, Life::Ioc)),
        with(|order| (order.size, order.life) = (SizeCondition::Minimum(10), Life::Fok)),
        with(|order| (order.size, order.pricing) = (SizeCondition::Minimum(3), Pricing::Market)),
        with(|order| (order.size, order.display) = (SizeCondition::All, Display::Hidden)),
        with(|order| order.display = Display::Reserve { displayed: 10 }),
        with(|order| (order.post_only, order.display) = (PostOnly::Slide, Display::Hidden)),
        with(|order| (order.stop, order.life) = (Some(120), Life::Ioc)),
        with(|order| (order.auction, order.pricing) = (Auction::Close, Pricing::Market)),
        with(|order| order.life = Life::Until(2)),
    ];
    let mut stage = Stage::open();
    for request in taken {
        assert_eq!(answer(&mut stage, request), "accepted", "{request:?}");
    }
}

#[test]
fn quantities_and_prices_have_bounds() {
    let mut stage = Stage::open();
    for qty in [0, QTY_MAX + 1] {
        assert_eq!(answer(&mut stage, buy(100, qty)), "rejected QtyInvalid");
    }
    let stop = |price| OrderRequest { stop: Some(price), ..buy(100, 1) };
    let peg = |offset, limit| OrderRequest {
        pricing: Pricing::Peg { to: PegTo::Market, offset, limit },
        display: Display::Hidden,
        ..buy(100, 1)
    };
    let refused = [
        buy(0, 1),
        buy(-5, 1),
        buy(PRICE_MAX + 1, 1),
        stop(0),
        peg(0, Some(0)),
        peg(PRICE_MAX + 1, None),
    ];
    for request in refused {
        assert_eq!(answer(&mut stage, request), "rejected PriceInvalid", "{request:?}");
    }
    let unknown = OrderRequest { instrument: 3, ..buy(100, 1) };
    assert_eq!(answer(&mut stage, unknown), "rejected InstrumentUnknown");
}

#[test]
fn a_phase_takes_what_it_says() {
    let market = with(|order| order.pricing = Pricing::Market);
    let stop = OrderRequest { stop: Some(100), ..market };
    let peg = with(|order| (order.pricing, order.display) = (PEG, Display::Hidden));
    let orders = [
        buy(100, 1),
        market,
        with(|order| order.life = Life::Ioc),
        with(|order| order.post_only = PostOnly::Reject),
        stop,
        peg,
        with(|order| order.auction = Auction::Open),
        with(|order| order.auction = Auction::Close),
        with(|order| order.life = Life::Gtc),
    ];
    let taken = |phases: &[Phase]| {
        let mut stage = Stage::closed(InstrumentRules::default());
        for &phase in phases {
            stage.phase(phase);
        }
        stage.out.0.clear();
        orders.map(|order| u8::from(answer(&mut stage, order) == "accepted"))
    };
    let gathering = [1, 0, 0, 0, 1, 1, 0, 1, 1];
    let opening = [1, 0, 0, 0, 1, 1, 1, 1, 1];
    assert_eq!(taken(&[]), [0; 9]);
    assert_eq!(taken(&[Phase::PreOpen]), opening);
    assert_eq!(taken(&[Phase::PreOpen, Phase::OpeningAuction]), opening);
    assert_eq!(taken(&[Phase::Continuous]), [1, 1, 1, 1, 1, 1, 0, 1, 1]);
    assert_eq!(taken(&[Phase::Continuous, Phase::VolatilityAuction]), gathering);
    assert_eq!(taken(&[Phase::Continuous, Phase::ClosingAuction]), gathering);
    assert_eq!(taken(&[Phase::Continuous, Phase::Halted]), [0; 9]);
}

#[test]
fn there_is_room_for_so_many_and_no_more() {
    let mut stage = Stage::open();
    let stop = OrderRequest { stop: Some(200), ..buy(200, 1) };
    for _ in 0..100 {
        assert_eq!(answer(&mut stage, stop), "accepted");
    }
    assert_eq!(answer(&mut stage, stop), "rejected Capacity");
    let gtc = OrderRequest { life: Life::Gtc, ..buy(100, 1) };
    assert_eq!(answer(&mut stage, gtc), "rejected Capacity");
    for _ in 0..900 {
        assert_eq!(answer(&mut stage, buy(100, 1)), "accepted");
    }
    assert_eq!(answer(&mut stage, buy(100, 1)), "rejected Capacity", "the stops need a place");
    let ioc = OrderRequest { life: Life::Ioc, ..sell(100, 1) };
    assert_eq!(answer(&mut stage, ioc), "accepted");
}
