// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The words between the gate and whoever asks it.

use crate::component::Outbox;
use crate::events::{
    LimitBreached, OrderType, OverrideUsed, RejectReason, RiskScope, RiskWarned, TimeInForce,
    TradingState, TradingStateChanged,
};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks, TsNs};

/// Levels of the opposite side that the sweep guard is told of.
pub const DEPTH_LEVELS: usize = 5;

/// Why the gate refused, with what was found and what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason code.
    pub reason: RejectReason,
    /// What was found, in the unit the reason defines.
    pub value: i64,
    /// What was allowed.
    pub bound: i64,
}

impl Refusal {
    pub(super) const fn new(reason: RejectReason, value: i64, bound: i64) -> Self {
        Self { reason, value, bound }
    }
}

/// What the gate needs to know of a new order, or of a replacement.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    /// Whose.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The strategy's number for it; never used before.
    pub client_id: u64,
    /// The live order it takes the place of.
    pub replaces: Option<u64>,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// The venue rejects it rather than let it take.
    pub post_only: bool,
    /// A person entered it: overrides may apply.
    pub is_manual: bool,
    /// Limit price in ticks; `None` for a market order, which is checked at the reference price.
    pub price: Option<Ticks>,
    /// Quantity in lots that would be open after it: without what its chain has executed.
    pub qty: Lots,
}

impl Proposal {
    /// A limit order for the day; the other fields are set by struct update.
    #[must_use]
    pub const fn limit(
        strategy: StrategyId,
        instrument: InstrumentId,
        client_id: u64,
        side: Side,
        price: Ticks,
        qty: Lots,
    ) -> Self {
        Self {
            strategy,
            instrument,
            client_id,
            replaces: None,
            side,
            order_type: OrderType::Limit,
            time_in_force: TimeInForce::Day,
            post_only: false,
            is_manual: false,
            price: Some(price),
            qty,
        }
    }
}

/// One level of the opposite side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DepthLevel {
    /// Price in ticks.
    pub price: Ticks,
    /// Quantity there in lots; 0 where there is no such level.
    pub qty: Lots,
}

/// What is known of a market when an order is decided on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference {
    /// Best bid, ticks.
    pub bid: Option<Ticks>,
    /// Best ask, ticks.
    pub ask: Option<Ticks>,
    /// Last trade, ticks.
    pub last: Option<Ticks>,
    /// When the market was last heard of; 0 where nobody says. Needed by `REFERENCE_AGE_MS_MAX`.
    pub heard_ns: TsNs,
    /// The feed has no open gap. Needed by `REFERENCE_AGE_MS_MAX`.
    pub is_whole: bool,
    /// When the input came that led to this order; 0 where nobody says. Needed by
    /// `INPUT_AGE_US_MAX`.
    pub input_ns: TsNs,
    /// The side that the order would take from, best first. Needed by `SLIPPAGE_BPS_MAX`, see
    /// [`super::RiskGate::wants_depth`].
    pub depth: Option<[DepthLevel; DEPTH_LEVELS]>,
}

impl Reference {
    /// Best bid plus best ask; 0 when there are no two sides.
    #[must_use]
    pub fn mid2(&self) -> i64 {
        self.bid.zip(self.ask).and_then(|(bid, ask)| bid.checked_add(ask)).unwrap_or(0)
    }

    /// Takes in the levels that an order would take from, best first.
    pub fn set_depth(&mut self, levels: impl Iterator<Item = (Ticks, Lots)>) {
        let mut depth = [DepthLevel::default(); DEPTH_LEVELS];
        for (place, (price, qty)) in depth.iter_mut().zip(levels) {
            *place = DepthLevel { price, qty };
        }
        self.depth = Some(depth);
    }

    /// The opposite best of an order of `side`, else the last trade.
    #[must_use]
    pub fn opposite(&self, side: Side) -> Option<Ticks> {
        let best = if side == Side::Buy { self.ask } else { self.bid };
        best.or(self.last)
    }

    /// The middle of the market doubled, else twice the last trade.
    #[must_use]
    pub fn centre2(&self) -> Option<i64> {
        match self.mid2() {
            0 => self.last?.checked_mul(2),
            mid2 => Some(mid2),
        }
    }
}

/// Something the gate wants known, or done, beside its verdicts. See [`super::RiskGate::next_alert`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// A measure came near its limit.
    Warned {
        /// Where.
        scope: Scope,
        /// The control.
        reason: RejectReason,
        /// What was found.
        value: i64,
        /// The limit.
        bound: i64,
        /// The step of the ladder.
        percent: u8,
    },
    /// A measure reached its limit; the scope's state is set already. On `HALTED` the caller cancels
    /// the live orders of the scope.
    Breached {
        /// Where.
        scope: Scope,
        /// The control.
        reason: RejectReason,
        /// What was found.
        value: i64,
        /// The limit.
        bound: i64,
        /// The scope's state now.
        state: TradingState,
    },
    /// An order passed by an override.
    Overridden {
        /// Whose.
        strategy: StrategyId,
        /// Instrument.
        instrument: InstrumentId,
        /// The order.
        client_id: u64,
        /// The limit that it passed, by its number.
        limit: u8,
        /// What was found.
        value: i64,
        /// The limit.
        bound: i64,
        /// How many more orders may use it.
        orders_left: u16,
    },
}

/// A scope and which one of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Kind of scope.
    pub kind: RiskScope,
    /// Strategy, instrument, venue, account or product; 0 for the firm.
    pub id: u32,
}

impl Scope {
    /// Everything.
    pub const FIRM: Self = Self { kind: RiskScope::Firm, id: 0 };

    /// A scope of a kind.
    #[must_use]
    pub const fn new(kind: RiskScope, id: u32) -> Self {
        Self { kind, id }
    }
}

impl Alert {
    /// The scope whose live orders are to be cancelled, if that is what it asks for.
    #[must_use]
    pub const fn halts(&self) -> Option<Scope> {
        match *self {
            Self::Breached { scope, state: TradingState::Halted, .. } => Some(scope),
            _ => None,
        }
    }

    /// Puts out the events that say it.
    pub fn emit(&self, cause_seq: u64, out: &mut dyn Outbox) {
        match *self {
            Self::Warned { scope, reason, value, bound, percent } => {
                let event = RiskWarned {
                    cause_seq,
                    value,
                    bound,
                    id: scope.id,
                    reason: reason.raw(),
                    scope: scope.kind.raw(),
                    percent,
                };
                out.emit(RiskWarned::KIND, RiskWarned::VERSION, &event.encode());
            }
            Self::Breached { scope, reason, value, bound, state } => {
                let (id, kind) = (scope.id, scope.kind.raw());
                let (reason, state) = (reason.raw(), state.raw());
                let event =
                    LimitBreached { cause_seq, value, bound, id, reason, scope: kind, state };
                out.emit(LimitBreached::KIND, LimitBreached::VERSION, &event.encode());
                let changed = TradingStateChanged { cause_seq, id, scope: kind, state, reason };
                let (kind, version) = (TradingStateChanged::KIND, TradingStateChanged::VERSION);
                out.emit(kind, version, &changed.encode());
            }
            Self::Overridden {
                strategy,
                instrument,
                client_id,
                limit,
                value,
                bound,
                orders_left,
            } => {
                let event = OverrideUsed {
                    cause_seq,
                    client_id,
                    value,
                    bound,
                    strategy_id: strategy,
                    instrument_id: instrument,
                    limit: u16::from(limit),
                    orders_left,
                    reserved: 0,
                };
                out.emit(OverrideUsed::KIND, OverrideUsed::VERSION, &event.encode());
            }
        }
    }
}
