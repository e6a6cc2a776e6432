// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Random days: what must always hold, does.

use super::reader::Reader;
use super::*;
use crate::component::Snapshot;
use crate::events::{CancelReason, StpMode};
use crate::exchange::market::{
    Auction, Display, Life, PegTo, PostOnly, Pricing, Replacement, SelfTrade, SizeCondition,
    StpScope, Which,
};
use crate::hash::mix;

pub(super) struct Draws(pub(super) u64);

impl Draws {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(1);
        mix(self.0) % bound
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn price(&mut self) -> Ticks {
        90 + self.below(21).cast_signed()
    }

    fn life(&mut self, now_ns: TsNs) -> Life {
        match self.below(12) {
            0 => Life::Ioc,
            1 => Life::Fok,
            2 => Life::Gtc,
            3 => Life::Until(now_ns + self.below(60_000_000_000).cast_signed()),
            _ => Life::Day,
        }
    }

    fn pricing(&mut self) -> Pricing {
        let to = [PegTo::Primary, PegTo::Market, PegTo::Midpoint][self.below(3) as usize];
        let limit = if self.one_in(2) { Some(self.price()) } else { None };
        match self.below(10) {
            0 => Pricing::Market,
            1 => Pricing::Peg { to, offset: self.below(5).cast_signed() - 3, limit },
            _ => Pricing::Limit(self.price()),
        }
    }

    /// Any order, often one that is refused for its fields.
    pub(super) fn request(&mut self, now_ns: TsNs) -> OrderRequest {
        let qty = 1 + self.below(20);
        let side = if self.one_in(2) { Side::Buy } else { Side::Sell };
        let plain = OrderRequest::limit(1, 1 + self.below(4) as u32, side, self.price(), qty);
        let mode = StpMode::from_raw(self.below(7).saturating_sub(2) as u8);
        let scope = if self.one_in(2) { StpScope::Port } else { StpScope::Firm };
        let is_hidden = self.one_in(5);
        OrderRequest {
            client: self.below(1_000),
            instrument: 1 + self.below(2) as u32,
            pricing: self.pricing(),
            stop: if self.one_in(8) { Some(self.price()) } else { None },
            display: match self.below(8) {
                _ if is_hidden => Display::Hidden,
                0 => Display::Reserve { displayed: 1 + self.below(6) },
                _ => Display::Displayed,
            },
            size: match self.below(if is_hidden { 4 } else { 24 }) {
                0 => SizeCondition::Minimum(1 + self.below(10)),
                1 => SizeCondition::All,
                _ => SizeCondition::None,
            },
            post_only: match self.below(16) {
                0 => PostOnly::Reject,
                1 => PostOnly::Slide,
                _ => PostOnly::Off,
            },
            life: self.life(now_ns),
            auction: match self.below(24) {
                0 | 1 => Auction::Open,
                2 => Auction::Close,
                _ => Auction::None,
            },
            stp: SelfTrade { mode: mode.unwrap_or(StpMode::Off), scope },
            ..plain
        }
    }
}

impl Stage {
    fn random_change(&mut self, draws: &mut Draws) {
        let now_ns = self.now_ns;
        let order_id = self.market.matcher().order_id_last().saturating_sub(draws.below(40));
        match draws.below(3) {
            0 => {
                self.market.cancel(now_ns, order_id, CancelReason::User, &mut self.out);
            }
            1 => self.market.reduce(now_ns, order_id, draws.below(15), &mut self.out),
            _ => {
                let change = Replacement {
                    client: draws.below(1_000),
                    qty: draws.below(25),
                    price: if draws.one_in(6) { 0 } else { draws.price() },
                    life: if draws.one_in(3) { Some(draws.life(now_ns)) } else { None },
                    stop: if draws.one_in(9) { Some(draws.price()) } else { None },
                    keeps_original: draws.one_in(2),
                };
                self.market.replace(now_ns, order_id, &change, &mut self.out);
            }
        }
    }

    fn random_mass_cancel(&mut self, draws: &mut Draws) {
        let which = Which {
            owner: if draws.one_in(2) { Some(1 + draws.below(4) as u32) } else { None },
            firm: if draws.one_in(2) { Some(draws.below(3) as u32) } else { None },
            instrument: if draws.one_in(3) { Some(1) } else { None },
            side: if draws.one_in(2) { Some(Side::Buy) } else { None },
        };
        self.market.cancel_all(self.now_ns, &which, CancelReason::MassCancel, &mut self.out);
    }

    pub(super) fn random_step(&mut self, draws: &mut Draws) {
        let now_ns = self.now_ns;
        match draws.below(100) {
            0..65 => {
                let request = draws.request(now_ns);
                self.market.enter(now_ns, &request, &mut self.out);
            }
            65..90 => self.random_change(draws),
            90 => self.random_mass_cancel(draws),
            91 => {
                let instrument = draws.below(3) as u32;
                let phase = Phase::from_raw(draws.below(7) as u8).unwrap();
                self.market.set_phase(now_ns, instrument, phase, &mut self.out);
            }
            92..95 => {
                self.market.set_phase(now_ns, 0, Phase::Continuous, &mut self.out);
            }
            95 if draws.one_in(20) => self.market.day_ended(now_ns, &mut self.out),
            _ => self.market.tick(now_ns, &mut self.out),
        }
    }

    /// The same market, from its snapshot.
    pub(super) fn again(&self) -> Market {
        let mut bytes = Vec::new();
        self.market.save(&mut bytes);
        let mut again = Market::new(self.market.config());
        again.restore(&mut bytes.as_slice()).unwrap();
        assert_eq!(again.state_hash(), self.market.state_hash());
        let mut saved = Vec::new();
        again.save(&mut saved);
        assert_eq!(bytes, saved);
        again
    }
}

/// How often the rarer things happened.
#[derive(Debug, Default)]
struct Kinds {
    restated: [u32; 4],
    prevented: u32,
    crossed: u32,
    replaced: u32,
    hidden: u32,
    canceled: [u32; 19],
    bands: u32,
}

impl Kinds {
    /// The flow is of any use: each of these happened often.
    fn check(&self) {
        let Self { restated, prevented, crossed, replaced, hidden, .. } = *self;
        let [_, refills, pegs, triggers] = restated;
        let all = [refills, pegs, triggers, prevented, crossed, replaced, hidden];
        assert!(all.iter().all(|&count| count > 100), "{self:?}");
        let ends = [CancelReason::Expired, CancelReason::DayEnded, CancelReason::Auction];
        let of = |reason: CancelReason| self.canceled[usize::from(reason.raw())];
        assert!(ends.iter().all(|&reason| of(reason) > 20), "{self:?}");
    }

    fn note(&mut self, report: &MarketReport) {
        match report {
            MarketReport::Order(Report::Restated(order)) => {
                self.restated[usize::from(order.reason.raw())] += 1;
            }
            MarketReport::Order(Report::Canceled(order)) => {
                self.canceled[usize::from(order.reason.raw())] += 1;
            }
            MarketReport::Order(Report::Filled(fill)) => {
                self.hidden += u32::from(fill.maker_hidden);
            }
            MarketReport::Order(Report::Prevented(_)) => self.prevented += 1,
            MarketReport::Order(Report::Crossed(_)) => self.crossed += 1,
            MarketReport::Order(Report::Replaced(_)) => self.replaced += 1,
            MarketReport::Bands(_) => self.bands += 1,
            _ => {}
        }
    }
}

fn run(seed: u64, steps: u32, rules: InstrumentRules, kinds: &mut Kinds) {
    let mut stage = Stage::closed(rules);
    for (owner, firm) in [(1, 1), (2, 2), (3, 1), (4, 0)] {
        assert!(stage.market.set_firm(owner, firm));
    }
    let mut draws = Draws(seed << 32);
    let mut reader = Reader::default();
    for step in 0..steps {
        stage.now_ns += draws.below(3_000_000_000).cast_signed();
        stage.random_step(&mut draws);
        for report in stage.out.0.drain(..) {
            kinds.note(&report);
            reader.read(&report);
        }
        reader.check(&stage.market, &[1, 2]);
        if step % 97 == 0 {
            stage.market = stage.again();
        }
    }
    assert!(reader.traded > u128::from(steps) / 4, "there was something to do");
}

#[test]
fn whatever_comes_the_reports_say_all_and_nothing_is_lost() {
    let mut kinds = Kinds::default();
    for seed in 1..=8 {
        let rules = InstrumentRules { reference: 100, ..InstrumentRules::default() };
        run(seed, 3_000, rules, &mut kinds);
    }
    kinds.check();
}

#[test]
fn with_bands_and_collars_nothing_stands_or_trades_beyond_them() {
    let rules = InstrumentRules {
        reference: 100,
        collar: 3,
        band_bps: 500,
        pause_ms: 20_000,
        auction_collar_bps: 300,
        pro_rata: false,
    };
    let mut kinds = Kinds::default();
    for seed in 100..=108 {
        run(seed, 3_000, rules, &mut kinds);
        run(seed, 1_000, InstrumentRules { pro_rata: true, ..rules }, &mut kinds);
    }
    kinds.check();
    let of = |reason: CancelReason| kinds.canceled[usize::from(reason.raw())];
    assert!(kinds.bands > 500 && of(CancelReason::Collar) > 100, "{kinds:?}");
}
