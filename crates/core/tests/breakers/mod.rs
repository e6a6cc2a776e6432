// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The words of these tests.

mod limits;
mod of_strategies;
mod of_surroundings;
mod of_the_gate;

use onetape_core::component::Component;
use onetape_core::events::{
    Breaker, BreakerAction, BreakerMoved, BreakerSet, OrderRejected, RejectReason, RiskScope,
    TradingState,
};
use onetape_core::risk::Scope;

use crate::kill::{Rig, SECOND_NS};

pub(crate) const STRATEGY: (RiskScope, u32) = (RiskScope::Strategy, 1);
pub(crate) const FIRM: (RiskScope, u32) = (RiskScope::Firm, 0);
const MS: i64 = 1_000_000;

/// A breaker over a second that warns at 70 percent and throttles at 85.
pub(crate) fn set(breaker: Breaker, bound: i64, action: BreakerAction) -> BreakerSet {
    BreakerSet {
        bound,
        window_ns: SECOND_NS,
        delay_ns: 100 * MS,
        least: 1,
        breaker: breaker.raw(),
        action: action.raw(),
        warn_percent: 70,
        throttle_percent: 85,
    }
}

pub(crate) fn rig_with(event: BreakerSet) -> Rig {
    let mut rig = Rig::new();
    rig.say(BreakerSet::KIND, &event.encode());
    rig
}

/// The steps that a breaker took, in order.
pub(crate) fn moves(rig: &Rig, breaker: Breaker) -> Vec<BreakerAction> {
    let all = rig.outputs.iter().filter(|(kind, _)| *kind == BreakerMoved::KIND);
    let all = all.map(|(_, body)| BreakerMoved::decode(body).unwrap());
    let own = all.filter(|event| event.breaker == breaker.raw());
    own.map(|event| BreakerAction::from_raw(event.action).unwrap()).collect()
}

pub(crate) fn state(rig: &Rig, (kind, id): (RiskScope, u32)) -> TradingState {
    rig.node.desk().risk().state(Scope::new(kind, id))
}

/// Why the last order was refused.
pub(crate) fn refused(rig: &Rig) -> Option<RejectReason> {
    let event = OrderRejected::decode(&rig.last(OrderRejected::KIND)?)?;
    RejectReason::from_raw(event.reason)
}

/// Time passes, tick by tick, as it does in an engine.
pub(crate) fn pass(rig: &mut Rig, ns: i64) {
    for _ in 0..ns / (10 * MS) {
        rig.wait(10 * MS);
        rig.tick();
    }
}

/// The same inputs give the same outputs and the same state.
pub(crate) fn assert_replays(rig: &Rig) {
    let (again, outputs) = rig.replay();
    assert_eq!(again.state_hash(), rig.node.state_hash());
    assert_eq!(outputs, rig.outputs);
}
