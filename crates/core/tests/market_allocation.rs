// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market allocates nothing once its instruments are defined, whatever orders come. Counted by
//! the allocator itself.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

mod counting;

use counting::allocations;
use onetape_core::book::BooksConfig;
use onetape_core::events::{CancelReason, Phase, Side, StpMode};
use onetape_core::exchange::MatcherConfig;
use onetape_core::exchange::market::{
    Auction, Display, InstrumentRules, Life, Market, MarketConfig, OrderRequest, PegTo, Pricing,
    Replacement, ReportList, SelfTrade, SizeCondition, StpScope, Which,
};
use onetape_core::hash::mix;
use onetape_core::types::TickTable;

/// A number below `bound` for each step and use.
fn draw(step: u64, salt: u64, bound: u64) -> u64 {
    mix(step * 32 + salt) % bound
}

/// An order of any kind that the phase may take.
fn request(step: u64, now_ns: i64) -> OrderRequest {
    let side = if draw(step, 1, 2) == 0 { Side::Buy } else { Side::Sell };
    let price = 100 * (100 + draw(step, 2, 20).cast_signed());
    let plain =
        OrderRequest::limit(1, 1 + draw(step, 3, 5) as u32, side, price, 1 + draw(step, 4, 20));
    let apart = SelfTrade { mode: StpMode::CancelOldest, scope: StpScope::Firm };
    let to = [PegTo::Primary, PegTo::Market, PegTo::Midpoint][draw(step, 5, 3) as usize];
    let (display, pricing) = (Display::Hidden, Pricing::Peg { to, offset: -100, limit: None });
    match draw(step, 6, 12) {
        0 => OrderRequest { stop: Some(price), ..plain },
        1 => OrderRequest { stop: Some(price), pricing: Pricing::Market, ..plain },
        2 => OrderRequest { display, pricing, ..plain },
        3 => OrderRequest { display, size: SizeCondition::All, stp: apart, ..plain },
        4 => OrderRequest { display: Display::Reserve { displayed: 1 }, ..plain },
        5 => OrderRequest { life: Life::Gtc, ..plain },
        6 => OrderRequest { life: Life::Until(now_ns + 5_000_000_000), ..plain },
        7 => OrderRequest { auction: Auction::Close, ..plain },
        8 => OrderRequest { auction: Auction::Open, ..plain },
        9 => OrderRequest { pricing: Pricing::Market, ..plain },
        _ => OrderRequest { stp: apart, ..plain },
    }
}

fn step(market: &mut Market, step: u64, out: &mut ReportList) {
    let now_ns = (step * 50_000_000).cast_signed();
    let order_id = market.matcher().order_id_last().saturating_sub(draw(step, 8, 100));
    match draw(step, 7, 40) {
        0..24 => {
            market.enter(now_ns, &request(step, now_ns), out);
        }
        24..28 => {
            market.cancel(now_ns, order_id, CancelReason::User, out);
        }
        28..30 => market.reduce(now_ns, order_id, 3, out),
        30..34 => {
            let (price, qty) = (100 * (100 + draw(step, 9, 20).cast_signed()), draw(step, 10, 30));
            let change = Replacement {
                client: step,
                qty,
                price,
                life: None,
                stop: None,
                keeps_original: false,
            };
            market.replace(now_ns, order_id, &change, out);
        }
        34 => {
            let which = Which { owner: Some(5), ..Which::default() };
            market.cancel_all(now_ns, &which, CancelReason::MassCancel, out);
        }
        35 => {
            let phase = Phase::from_raw(draw(step, 11, 7) as u8).unwrap();
            market.set_phase(now_ns, 1, phase, out);
        }
        36..39 => {
            market.set_phase(now_ns, 1, Phase::Continuous, out);
            market.tick(now_ns, out);
        }
        _ if draw(step, 12, 9) == 0 => {
            market.day_ended(now_ns, out);
            market.day_started(now_ns, out);
        }
        _ => market.tick(now_ns, out),
    }
}

#[test]
fn the_market_allocates_nothing() {
    let books = BooksConfig { orders_max: 5_000, instruments_max: 1, ..BooksConfig::default() };
    let matcher = MatcherConfig { books, hidden_orders_max: 1_000, ..MatcherConfig::default() };
    let mut market = Market::new(MarketConfig { matcher, specials_max: 300, owners_max: 9 });
    let rules = InstrumentRules {
        reference: 11_000,
        collar: 500,
        band_bps: 800,
        pause_ms: 1_000,
        auction_collar_bps: 400,
        pro_rata: false,
    };
    market.define_instrument(1, TickTable::us_equity_price4(), rules).unwrap();
    let mut out = ReportList(Vec::with_capacity(100_000));
    let found = allocations(|| {
        for number in 1..60_000 {
            step(&mut market, number, &mut out);
            out.0.clear();
        }
    });
    assert_eq!(found, 0);
    assert!(market.matcher().match_id_last() > 5_000, "there was something to do");
}
