// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What fills cost, worked out a second time and plainly: in a backtest and in a live node alike.

use onetape_core::events::{FeesSet, FillCharged, Liquidity, OrderFilled};

/// Rates with which every fill costs something else: makers get a rebate.
pub(crate) const RATES: FeesSet = FeesSet {
    maker_lot_e9: -2_000_000,
    maker_bps_e3: 7,
    taker_lot_e9: 3_000_000,
    taker_bps_e3: 1_501,
    auction_lot_e9: 11,
    auction_bps_e3: 0,
    instrument_id: 0,
    reserved: 0,
};

/// What a fill of shares in ticks of 0.0001 costs, in 10^-9 of the currency.
fn plain_fee(fill: &OrderFilled) -> i64 {
    let is_maker = fill.liquidity == Liquidity::Added.raw();
    let (by_lot, rate) = if is_maker {
        (RATES.maker_lot_e9, RATES.maker_bps_e3)
    } else {
        (RATES.taker_lot_e9, RATES.taker_bps_e3)
    };
    // A tick-lot is 100,000 of 10^-9, and the rate counts parts of ten million.
    let hundredths = i128::from(fill.price_ticks) * i128::from(fill.qty_lots) * i128::from(rate);
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let is_up = rest > 50 || (rest == 50 && whole % 2 == 1);
    let by_value = i64::try_from(whole + i128::from(is_up)).unwrap();
    by_lot * i64::try_from(fill.qty_lots).unwrap() + by_value
}

/// Asserts that every fill among outputs is followed by what it cost; gives the sum of all.
pub(crate) fn charged(outputs: impl IntoIterator<Item = (u16, Vec<u8>)>) -> (u64, i128) {
    let (mut fills, mut sum) = (0, 0);
    let mut waiting: Option<OrderFilled> = None;
    for (kind, body) in outputs {
        if let Some(fill) = waiting.take() {
            assert_eq!(kind, FillCharged::KIND, "what follows a fill");
            let cost = FillCharged::decode(&body).unwrap();
            assert_eq!(cost.fee_e9, plain_fee(&fill), "{fill:?}");
            assert_eq!((cost.match_id, cost.client_id), (fill.match_id, fill.client_id));
            (fills, sum) = (fills + 1, sum + i128::from(cost.fee_e9));
        }
        if kind == OrderFilled::KIND {
            waiting = OrderFilled::decode(&body);
        }
    }
    assert!(waiting.is_none(), "a fill without its fee");
    (fills, sum)
}
