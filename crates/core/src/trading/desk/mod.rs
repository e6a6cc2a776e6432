// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Order management: turns what strategies ask for into commands for a venue, through the risk gate,
//! and what the venue says into order states, positions and output events.
//!
//! It never calls the venue. It gives [`VenueCommand`]s to whoever owns the wire (the simulator, the
//! live engine) and takes the venue's answers by the `on_…` methods, now or later: exposure is
//! reserved when a command leaves and released when the venue says so.

mod answers;
mod asks;
mod children;
mod close;
mod contingent;
mod doubts;
mod fills;
mod hear;
mod legs;
mod submit;
mod terms;

pub use crate::risk::Reference;
pub use doubts::VenueStatus;
pub use fills::FeeInKind;
pub use hear::Alarm;
pub use legs::{Due, GROUP_STEPS_MAX};
pub use submit::submit_flags;
pub use terms::{NewOrder, OrderKey, SpecialTerms, VenueCancel, VenueCommand, VenueFill};

use std::collections::VecDeque;

use super::fees::Fees;
use super::groups::Groups;
use super::memory::{DeadOrders, SeenFills};
use super::oms::OrderTable;
use super::parents::Parents;
use super::portfolio::Portfolio;
use crate::component::{Outbox, SnapshotError};
use crate::events::OrderRejected;
use crate::hash::StateHasher;
use crate::risk::{Refusal, RiskConfig, RiskGate};
use crate::snapshot::{read_u8, read_u32, write_u8, write_u32};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks};

/// Limits of order management, taken at start.
#[derive(Clone, Copy, Debug)]
pub struct DeskConfig {
    /// Strategies, numbered from 1.
    pub strategies_max: u32,
    /// Instruments, numbered from 1.
    pub instruments_max: u32,
    /// Live orders of one strategy, quotes not counted.
    pub orders_max: u32,
}

/// One strategy as the desk sees it.
#[derive(Clone, Debug)]
struct StrategyState {
    running: bool,
    orders: OrderTable,
    dead: DeadOrders,
    parents: Parents,
    groups: Groups,
}

/// Order management for all strategies of a run.
#[derive(Clone, Debug)]
pub struct Desk {
    strategies: Vec<StrategyState>,
    instruments_max: u32,
    portfolio: Portfolio,
    fees: Fees,
    risk: RiskGate,
    seen: SeenFills,
    alarms: VecDeque<Alarm>,
    /// Stops kept by us that wait for a price, by instrument.
    watched: Vec<u32>,
    /// Some group is to be looked at.
    has_due: bool,
    /// Some leg could not leave because its venue was not there.
    has_stalled: bool,
}

impl Desk {
    /// A desk whose strategies have not started and whose risk gate refuses everything.
    #[must_use]
    pub fn new(config: DeskConfig) -> Self {
        let strategy = StrategyState {
            running: false,
            orders: OrderTable::new(config.orders_max, config.instruments_max),
            dead: DeadOrders::new(),
            parents: Parents::new(),
            groups: Groups::new(),
        };
        Self {
            strategies: vec![strategy; config.strategies_max as usize],
            instruments_max: config.instruments_max,
            portfolio: Portfolio::new(config.strategies_max, config.instruments_max),
            fees: Fees::new(config.strategies_max, config.instruments_max),
            risk: RiskGate::new(RiskConfig::new(
                config.strategies_max,
                config.instruments_max,
                config.orders_max,
            )),
            seen: SeenFills::new(),
            alarms: VecDeque::with_capacity(hear::ALARMS_MAX),
            watched: vec![0; config.instruments_max as usize + 1],
            has_due: false,
            has_stalled: false,
        }
    }

    /// Strategies, numbered from 1 to this.
    #[must_use]
    pub const fn strategies_max(&self) -> u32 {
        self.strategies.len() as u32
    }

    /// The risk gate.
    #[must_use]
    pub const fn risk(&self) -> &RiskGate {
        &self.risk
    }

    /// The risk gate: to speak to it, and to take its alerts.
    pub const fn risk_mut(&mut self) -> &mut RiskGate {
        &mut self.risk
    }

    /// Positions.
    #[must_use]
    pub const fn portfolio(&self) -> &Portfolio {
        &self.portfolio
    }

    /// What fills cost, and what was paid.
    #[must_use]
    pub const fn fees(&self) -> &Fees {
        &self.fees
    }

    /// What fills cost: to set it.
    pub const fn fees_mut(&mut self) -> &mut Fees {
        &mut self.fees
    }

    /// Live orders of a strategy.
    #[must_use]
    pub fn orders(&self, strategy: StrategyId) -> Option<&OrderTable> {
        Some(&self.state(strategy)?.orders)
    }

    /// Whether any strategy has an order open in an instrument.
    #[inline]
    #[must_use]
    pub fn has_open(&self, instrument: InstrumentId) -> bool {
        let open = |table: &OrderTable, side| table.open(instrument, side) != 0;
        let tables = self.strategies.iter().map(|state| &state.orders);
        tables.into_iter().any(|table| open(table, Side::Buy) || open(table, Side::Sell))
    }

    /// Quantity and number of all strategies' orders at a price of one side of an instrument.
    #[must_use]
    pub fn at(&self, instrument: InstrumentId, side: Side, price: Ticks) -> (Lots, u32) {
        let tables = self.strategies.iter().map(|state| &state.orders);
        tables.fold((0, 0), |(qty, count), table| {
            let (more, orders) = table.at(instrument, side, price);
            (qty + more, count + orders)
        })
    }

    /// A strategy starts, or stops. Its orders are untouched: the caller cancels them.
    pub fn set_running(&mut self, strategy: StrategyId, running: bool) {
        if let Some(state) = self.state_mut(strategy) {
            state.running = running;
        }
    }

    fn state(&self, strategy: StrategyId) -> Option<&StrategyState> {
        self.strategies.get((strategy as usize).checked_sub(1)?)
    }

    fn state_mut(&mut self, strategy: StrategyId) -> Option<&mut StrategyState> {
        self.strategies.get_mut((strategy as usize).checked_sub(1)?)
    }

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        for state in &self.strategies {
            hasher.word(u64::from(state.running));
            state.orders.hash_into(hasher);
            state.parents.hash_into(hasher);
            state.groups.hash_into(hasher);
        }
        self.portfolio.hash_into(hasher);
        self.fees.hash_into(hasher);
        self.risk.hash_into(hasher);
    }

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.strategies.len() as u32);
        for state in &self.strategies {
            write_u8(out, u8::from(state.running));
            state.orders.save(out);
            state.dead.save(out);
            state.parents.save(out);
            state.groups.save(out);
        }
        self.seen.save(out);
        self.portfolio.save(out);
        self.fees.save(out);
        self.risk.save(out);
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a desk, or it does not fit this one's limits.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        if read_u32(bytes)? as usize != self.strategies.len() {
            return Err(SnapshotError::Invalid { what: "desk: strategies_max differs" });
        }
        for state in &mut self.strategies {
            state.running = read_u8(bytes)? != 0;
            state.orders.restore(bytes)?;
            state.dead.restore(bytes)?;
            state.parents.restore(bytes)?;
            state.groups.restore(bytes)?;
        }
        self.find_watched();
        self.seen.restore(bytes)?;
        self.portfolio.restore(bytes)?;
        self.fees.restore(bytes)?;
        self.risk.restore(bytes)
    }
}

fn emit_rejected(out: &mut dyn Outbox, cause: u64, key: OrderKey, command: u16, why: Refusal) {
    let event = OrderRejected {
        cause_seq: cause,
        client_id: key.client_id,
        value: why.value,
        bound: why.bound,
        strategy_id: key.strategy,
        instrument_id: key.instrument,
        reason: why.reason.raw(),
        command,
        reserved: 0,
    };
    out.emit(OrderRejected::KIND, OrderRejected::VERSION, &event.encode());
}
