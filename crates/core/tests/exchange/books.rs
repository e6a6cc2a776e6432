// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The book that our market data makes is the engine's own after every input, over whole days with
//! everything in them: each kind of order, auctions, halts, bands, pauses, a night.

use std::collections::BTreeSet;

use onetape_core::events::{
    CancelReason, CloseReason, InstrumentRuled, Operation, OrderCanceled, OrderRestated, Phase,
    PhaseChanged, RestateReason, SessionClosed,
};
use onetape_core::wire::ouch50::MARKET_PRICE_E4;

use super::exchange::fix_client::FIX_PORT;
use super::exchange::{Listener, Market, Tape, enter, ruled};
use super::flow::{Flow, KINDS};
use super::replay;

const SECOND_NS: i64 = 1_000_000_000;
/// Messages of a day.
const STEPS: u32 = 6_000;

/// An exchange, its crowd, and somebody who hears its market data.
struct Scene {
    market: Market,
    flow: Flow,
    listener: Listener,
}

impl Scene {
    fn check(&mut self) {
        self.listener.listen(&self.market.tape.itch);
        self.listener.assert_equals(&self.market.exchange);
    }

    fn phase(&mut self, instrument: u32, phase: Phase) {
        self.market.operate(Operation::SetPhase, instrument, i64::from(phase.raw()));
        self.check();
    }

    fn crowd(&mut self, steps: u32) {
        for _ in 0..steps {
            self.flow.send(&mut self.market);
            self.check();
        }
    }

    /// The bands of the first instrument move down, and somebody bids up to the upper one and stays
    /// there until trading is paused.
    fn pause(&mut self) {
        self.market.operate(Operation::SetReference, 1, 99_000);
        self.check();
        self.market.send(3, &enter(1 << 20, b'B', 90_000, b"ONE", 100_600, *b"0Y", &[]));
        self.check();
        self.market.tick(0);
        self.market.tick(16 * SECOND_NS);
        self.check();
        self.crowd(40);
        self.market.tick(2 * SECOND_NS);
        self.check();
        self.market.operate(Operation::SetReference, 1, 100_000);
        self.check();
    }

    fn day(&mut self, number: u8) {
        self.listener = Listener::from(&self.market.tape.itch);
        self.market.start_day(number);
        self.check();
        self.flow.start_day(&mut self.market);
        self.phase(0, Phase::PreOpen);
        self.crowd(STEPS / 12);
        self.phase(0, Phase::OpeningAuction);
        self.crowd(STEPS / 12);
        self.phase(0, Phase::Continuous);
        self.crowd(STEPS / 3);
        self.pause();
        self.phase(2, Phase::Halted);
        self.crowd(20);
        self.phase(2, Phase::VolatilityAuction);
        self.crowd(20);
        self.phase(2, Phase::Continuous);
        self.crowd(STEPS / 3);
        // A market order that finds more than its collar lets it take.
        let far = enter((1 << 20) + 1, b'B', 90_000, b"TAPE", MARKET_PRICE_E4, *b"3Y", &[]);
        self.market.send(3, &far);
        self.check();
        self.phase(0, Phase::ClosingAuction);
        self.crowd(STEPS / 12);
        self.market.operate(Operation::EndDay, 0, 0);
        self.check();
        let reason = u16::from(CloseReason::Operator.raw());
        let closed = SessionClosed { port_id: FIX_PORT, reason, reserved: 0 };
        self.market.input(SessionClosed::KIND, &closed.encode());
    }
}

/// What happened on a tape: phases, reasons of new ids, reasons of cancels.
fn happened(tape: &Tape) -> [BTreeSet<u8>; 3] {
    let mut found = [const { BTreeSet::new() }; 3];
    for (kind, body) in &tape.events {
        let (place, what) = match *kind {
            PhaseChanged::KIND => (0, PhaseChanged::decode(body).expect("whole").phase),
            OrderRestated::KIND => (1, OrderRestated::decode(body).expect("whole").reason),
            OrderCanceled::KIND => (2, OrderCanceled::decode(body).expect("whole").reason as u8),
            _ => continue,
        };
        found[place].insert(what);
    }
    found
}

#[test]
fn the_book_of_the_feed_is_the_book_of_the_engine_over_whole_days() {
    for seed in 1..=4 {
        let mut market = Market::closed();
        let banded = InstrumentRuled { band_bps: 100, auction_collar_bps: 50, ..ruled(1) };
        market.input(InstrumentRuled::KIND, &banded.encode());
        let collared = InstrumentRuled { collar_ticks: 200, ..ruled(2) };
        market.input(InstrumentRuled::KIND, &collared.encode());
        let (flow, listener) = (Flow::new(seed), Listener::new());
        let mut scene = Scene { market, flow, listener };
        for number in 1..=2 {
            scene.day(number);
            assert!(scene.market.exchange.live_orders() > 0, "some outlive the day");
        }
        let accepted: Vec<&str> = scene.flow.accepted.keys().copied().collect();
        assert_eq!(accepted, KINDS, "every kind was accepted");
        let [phases, restated, canceled] = happened(&scene.market.tape);
        assert_eq!(phases.len(), 7, "every phase: {phases:?}");
        let every = [RestateReason::Refill, RestateReason::Peg, RestateReason::Trigger];
        assert_eq!(restated, every.map(RestateReason::raw).into());
        for reason in [
            CancelReason::User,
            CancelReason::Ioc,
            CancelReason::Fok,
            CancelReason::SelfTrade,
            CancelReason::Collar,
            CancelReason::Expired,
            CancelReason::DayEnded,
            CancelReason::Auction,
            CancelReason::MassCancel,
            CancelReason::Replace,
        ] {
            assert!(canceled.contains(&reason.raw()), "{reason:?} of {canceled:?}");
        }
        replay(&scene.market);
    }
}
