// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! 11 and 12: phases, uncrosses, orders for an auction alone, collars, bands.

use super::*;
use crate::exchange::market::{Auction, Display, Pricing};

const SECOND: TsNs = 1_000_000_000;

fn on_open(request: OrderRequest) -> OrderRequest {
    OrderRequest { auction: Auction::Open, ..request }
}

#[test]
fn market_orders_trade_first_then_price_then_displayed_then_id() {
    let mut stage = Stage::closed(InstrumentRules { reference: 100, ..InstrumentRules::default() });
    stage.phase(Phase::PreOpen);
    stage.taken(buy(100, 1));
    stage.taken(OrderRequest { display: Display::Hidden, ..buy(101, 1) });
    stage.taken(on_open(buy(101, 1)));
    stage.taken(buy(101, 1));
    stage.taken(on_open(OrderRequest { pricing: Pricing::Market, ..buy(0, 1) }));
    stage.taken(sell(100, 9));
    stage.out.0.clear();
    stage.market.set_phase(2, 1, Phase::Continuous, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "crossed 5 with 6 1@100",
            "crossed 4 with 6 1@100",
            "crossed 2 with 6 1@100",
            "crossed 3 with 6 1@100",
            "crossed 1 with 6 1@100",
            "cross 5@100",
            "Continuous after PreOpen",
        ]
    );
}

#[test]
fn what_an_auction_leaves_of_its_own_orders_is_canceled() {
    let mut stage = Stage::open();
    let on_close = |request| OrderRequest { auction: Auction::Close, ..request };
    stage.taken(on_close(buy(100, 5)));
    stage.taken(on_close(sell(100, 3)));
    stage.taken(on_close(sell(101, 3)));
    stage.out.0.clear();
    stage.market.set_phase(2, 1, Phase::ClosingAuction, &mut stage.out);
    stage.market.tick(3, &mut stage.out);
    stage.market.set_phase(4, 1, Phase::Closed, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "ClosingAuction after Continuous",
            "indicative 3@100 left 2 Some(Buy)",
            "crossed 1 with 2 3@100",
            "cross 3@100",
            "canceled 1 2 Auction",
            "canceled 3 3 Auction",
            "Closed after ClosingAuction",
        ]
    );
}

#[test]
fn without_a_price_only_the_imbalance_is_known() {
    let mut stage = Stage::closed(InstrumentRules::default());
    stage.phase(Phase::OpeningAuction);
    stage.taken(on_open(OrderRequest { pricing: Pricing::Market, ..buy(0, 5) }));
    stage.taken(on_open(OrderRequest { pricing: Pricing::Market, ..sell(0, 2) }));
    stage.out.0.clear();
    stage.market.tick(2, &mut stage.out);
    let said = stage.said();
    assert_eq!(said[0], "indicative 0@0 left 3 Some(Buy)");
    stage.market.set_phase(3, 1, Phase::Continuous, &mut stage.out);
    let wanted = [
        "cross 0@0",
        "canceled 1 5 Auction",
        "canceled 2 2 Auction",
        "Continuous after OpeningAuction",
    ];
    assert_eq!(stage.said(), wanted);
}

#[test]
fn the_far_price_is_that_of_the_orders_for_the_auction_alone() {
    let mut stage = Stage::closed(InstrumentRules::default());
    stage.phase(Phase::OpeningAuction);
    stage.taken(sell(98, 50));
    assert_eq!(stage.market.indicative(1).far, 0, "nothing is for it alone");
    stage.taken(on_open(buy(104, 20)));
    assert_eq!((stage.market.indicative(1).price, stage.market.indicative(1).far), (98, 0));
    stage.taken(on_open(OrderRequest { pricing: Pricing::Market, ..sell(0, 20) }));
    let found = stage.market.indicative(1);
    assert_eq!((found.price, found.far), (98, 104));
    assert_eq!((found.paired, found.imbalance, found.imbalance_side), (20, 50, Some(Side::Sell)));
    stage.phase(Phase::Continuous);
    assert_eq!(stage.market.indicative(1).far, 0);
}

#[test]
fn steps_may_be_left_out_but_not_taken_back() {
    let phases = [
        Phase::Closed,
        Phase::PreOpen,
        Phase::OpeningAuction,
        Phase::Continuous,
        Phase::VolatilityAuction,
        Phase::Halted,
        Phase::ClosingAuction,
    ];
    let paths: [&[Phase]; 7] = [
        &[],
        &[Phase::PreOpen],
        &[Phase::OpeningAuction],
        &[Phase::Continuous],
        &[Phase::Continuous, Phase::VolatilityAuction],
        &[Phase::Continuous, Phase::Halted],
        &[Phase::Continuous, Phase::ClosingAuction],
    ];
    let allowed = paths.map(|path| {
        phases.map(|phase| {
            let mut stage = Stage::closed(InstrumentRules::default());
            for &each in path {
                stage.phase(each);
            }
            stage.out.0.clear();
            let is_changed = stage.market.set_phase(1, 1, phase, &mut stage.out);
            assert_eq!(is_changed, !stage.out.0.is_empty());
            u8::from(is_changed)
        })
    });
    assert_eq!(
        allowed,
        [
            [0, 1, 1, 1, 0, 0, 0],
            [1, 0, 1, 1, 0, 1, 0],
            [1, 0, 0, 1, 0, 1, 0],
            [1, 0, 0, 0, 1, 1, 1],
            [1, 0, 0, 1, 0, 1, 0],
            [1, 0, 1, 1, 1, 0, 1],
            [1, 0, 0, 1, 0, 1, 0],
        ]
    );
}

#[test]
fn an_auction_price_counts_as_a_trade_for_stops() {
    let mut stage = Stage::closed(InstrumentRules::default());
    stage.phase(Phase::PreOpen);
    stage.taken(OrderRequest { stop: Some(100), ..sell(90, 1) });
    stage.taken(buy(100, 2));
    stage.taken(sell(100, 2));
    stage.out.0.clear();
    stage.market.set_phase(2, 1, Phase::Continuous, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "crossed 2 with 3 2@100",
            "cross 2@100",
            "Continuous after PreOpen",
            "restated 1 as 4 1@90 Trigger",
            "rested 4 1@90",
        ]
    );
}

fn banded() -> Stage {
    let rules = InstrumentRules {
        band_bps: 500,
        pause_ms: 10_000,
        auction_collar_bps: 300,
        ..InstrumentRules::default()
    };
    let mut stage = Stage::closed(rules);
    stage.market.set_phase(1, 1, Phase::Continuous, &mut stage.out);
    stage.taken(sell(100, 1));
    stage.taken(buy(100, 1));
    assert_eq!(stage.said().last().unwrap(), "bands 95 100 105 None");
    stage
}

#[test]
fn a_limit_beyond_the_bands_is_priced_at_them() {
    let mut stage = banded();
    stage.taken(sell(94, 1));
    assert_eq!(stage.said()[..2], ["accepted 3 1@95", "rested 3 1@95"]);
    stage.taken(OrderRequest { pricing: Pricing::Market, ..sell(0, 1) });
    assert_eq!(stage.said()[..2], ["accepted 4 1@0", "canceled 4 1 Ioc"]);
}

#[test]
fn fifteen_seconds_of_limit_state_begin_an_auction_whose_price_is_the_reference() {
    let mut stage = banded();
    stage.taken(buy(105, 4));
    assert_eq!(stage.said(), ["accepted 3 4@105", "rested 3 4@105", "bands 95 100 105 Some(Buy)"]);
    stage.market.tick(14 * SECOND, &mut stage.out);
    assert!(stage.said().is_empty());
    stage.market.tick(15 * SECOND + 1, &mut stage.out);
    let said = stage.said();
    assert_eq!(said[..2], ["VolatilityAuction after Continuous", "bands 95 100 105 None"]);
    stage.now_ns = 16 * SECOND;
    stage.taken(sell(102, 4));
    stage.out.0.clear();
    stage.market.tick(26 * SECOND, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "crossed 3 with 4 4@102",
            "cross 4@102",
            "Continuous after VolatilityAuction",
            "bands 97 102 107 None",
        ]
    );
}

#[test]
fn what_a_collar_keeps_apart_does_not_stay_crossed() {
    let mut stage = banded();
    stage.market.set_phase(2, 1, Phase::VolatilityAuction, &mut stage.out);
    stage.taken(buy(110, 5));
    stage.taken(sell(108, 3));
    stage.taken(sell(102, 1));
    stage.out.0.clear();
    stage.market.set_phase(3, 1, Phase::Continuous, &mut stage.out);
    assert_eq!(
        stage.said()[..4],
        [
            "crossed 3 with 5 1@103",
            "cross 1@103",
            "canceled 3 4 Collar",
            "Continuous after VolatilityAuction",
        ]
    );
}

#[test]
fn the_bands_follow_the_mean_and_cancel_what_stands_beyond() {
    let mut stage = banded();
    stage.now_ns = 20 * SECOND;
    stage.taken(sell(104, 1));
    stage.taken(buy(104, 1));
    stage.taken(sell(96, 1));
    stage.out.0.clear();
    stage.market.tick(30 * SECOND, &mut stage.out);
    assert!(stage.said().is_empty(), "half a minute is not over");
    stage.market.tick(31 * SECOND, &mut stage.out);
    assert_eq!(stage.said(), ["bands 97 102 107 None", "canceled 5 1 Collar"]);
    stage.market.tick(400 * SECOND, &mut stage.out);
    assert!(stage.said().is_empty(), "nothing has traded, nothing moves");
}

#[test]
fn an_operator_says_what_the_reference_is() {
    let mut stage = banded();
    stage.market.set_reference(2, 1, 200, &mut stage.out);
    assert_eq!(stage.said(), ["bands 190 200 210 None"]);
    assert_eq!(stage.market.indicative(1).reference, 200);
    assert_eq!(stage.market.last_price(1), Some(100));
}
