// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Order management: turns what strategies ask for into commands for a venue, through the risk gate,
//! and what the venue says into order states, positions and output events.
//!
//! It never calls the venue. It gives [`VenueCommand`]s to whoever owns the wire (the simulator, the
//! live engine) and takes the venue's answers by the `on_…` methods, now or later: exposure is
//! reserved when a command leaves and released when the venue says so.

use super::oms::{OrderTable, OwnOrder, QUOTE_ID_FIRST};
use super::portfolio::{FillFacts, Portfolio};
use crate::component::{Outbox, SnapshotError};
use crate::events::{
    CancelOrder, CancelReason, EnterOrder, Liquidity, OrderAccepted, OrderCanceled, OrderFilled,
    OrderRejected, OrderReplaced, OrderType, PositionChanged, RejectReason, ReplaceOrder, SetQuote,
    StpMode, TimeInForce,
};
use crate::hash::StateHasher;
use crate::risk::{Proposal, Refusal, RiskGate};
use crate::snapshot::{read_u8, read_u32, write_u8, write_u32};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks, TsNs};

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

/// What the desk knows of a market when it decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference {
    /// Best bid, ticks.
    pub bid: Option<Ticks>,
    /// Best ask, ticks.
    pub ask: Option<Ticks>,
    /// Last trade, ticks.
    pub last: Option<Ticks>,
}

impl Reference {
    fn mid2(&self) -> i64 {
        self.bid.zip(self.ask).and_then(|(bid, ask)| bid.checked_add(ask)).unwrap_or(0)
    }

    fn opposite(&self, side: Side) -> Option<Ticks> {
        let best = if side == Side::Buy { self.ask } else { self.bid };
        best.or(self.last)
    }
}

/// What the venue is to do. Ids and quantities are valid; the venue checks the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueCommand {
    /// A new order.
    Enter(NewOrder),
    /// Cancel the whole order.
    Cancel {
        /// The venue's order id.
        order_id: u64,
        /// Why, for the event.
        reason: CancelReason,
    },
    /// Shrink to this size, executed part included, keeping priority.
    Reduce {
        /// The venue's order id.
        order_id: u64,
        /// New intended size.
        qty: Lots,
        /// Why, for the event.
        reason: CancelReason,
    },
    /// Replace price and quantity.
    Replace {
        /// Whose.
        strategy: StrategyId,
        /// Instrument.
        instrument: InstrumentId,
        /// The venue's order id.
        order_id: u64,
        /// The replacement's client id.
        client_id: u64,
        /// New limit price.
        price: Ticks,
        /// New total over the chain, executed part included.
        qty: Lots,
    },
}

/// A new order for the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Whose.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The strategy's number for it.
    pub client_id: u64,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Reject rather than take.
    pub post_only: bool,
    /// Self-trade prevention.
    pub stp_mode: StpMode,
    /// Limit price; 0 for a market order.
    pub price: Ticks,
    /// Quantity.
    pub qty: Lots,
}

/// Where an answer belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// Whose.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The strategy's number for it.
    pub client_id: u64,
    /// The venue's number for it.
    pub order_id: u64,
}

/// A trade of ours as the venue reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueFill {
    /// Match number.
    pub match_id: u64,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// What is left.
    pub leaves: Lots,
    /// Maker or taker.
    pub liquidity: Liquidity,
}

/// One strategy as the desk sees it.
#[derive(Clone, Debug)]
struct StrategyState {
    running: bool,
    orders: OrderTable,
}

/// Order management for all strategies of a run.
#[derive(Clone, Debug)]
pub struct Desk {
    strategies: Vec<StrategyState>,
    instruments_max: u32,
    portfolio: Portfolio,
    risk: RiskGate,
}

impl Desk {
    /// A desk whose strategies have not started and whose risk gate refuses everything.
    #[must_use]
    pub fn new(config: DeskConfig) -> Self {
        let strategy = StrategyState {
            running: false,
            orders: OrderTable::new(config.orders_max, config.instruments_max),
        };
        Self {
            strategies: vec![strategy; config.strategies_max as usize],
            instruments_max: config.instruments_max,
            portfolio: Portfolio::new(config.strategies_max, config.instruments_max),
            risk: RiskGate::new(config.instruments_max),
        }
    }

    /// The risk gate, to set limits.
    pub const fn risk_mut(&mut self) -> &mut RiskGate {
        &mut self.risk
    }

    /// Positions.
    #[must_use]
    pub const fn portfolio(&self) -> &Portfolio {
        &self.portfolio
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

    // ------------------------------------------------------------ what strategies ask for

    /// A new order: a command for the venue, or a refusal that is put out.
    pub fn enter(
        &mut self,
        order: &EnterOrder,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        match self.try_enter(order, market, now) {
            Ok(command) => Some(command),
            Err(refusal) => {
                let key = key_of(order.strategy_id, order.instrument_id, order.client_id);
                emit_rejected(out, cause, key, EnterOrder::KIND, refusal);
                None
            }
        }
    }

    fn try_enter(
        &mut self,
        order: &EnterOrder,
        market: &Reference,
        now: TsNs,
    ) -> Result<VenueCommand, Refusal> {
        let decoded = decode_enter(order)?;
        let state = self.state(order.strategy_id).ok_or(halted())?;
        let last = state.orders.last_client_id();
        if order.client_id <= last || order.client_id >= QUOTE_ID_FIRST {
            return Err(refuse(RejectReason::ClientIdUsed, order.client_id, last));
        }
        if let Some(state) = self.state_mut(order.strategy_id) {
            state.orders.use_client_id(order.client_id);
        }
        self.submit(&decoded, market, now, None)?;
        Ok(VenueCommand::Enter(decoded))
    }

    /// Passes an order through the gate and reserves its exposure.
    /// `replaced` is the order that it takes the place of.
    fn submit(
        &mut self,
        order: &NewOrder,
        market: &Reference,
        now: TsNs,
        replaced: Option<OwnOrder>,
    ) -> Result<(), Refusal> {
        let state = self.state(order.strategy).ok_or(halted())?;
        if !state.running {
            return Err(halted());
        }
        if order.instrument == 0 || order.instrument > self.instruments_max {
            return Err(refuse(RejectReason::InstrumentUnknown, u64::from(order.instrument), 0));
        }
        if !state.orders.has_room() {
            return Err(refuse(RejectReason::Capacity, 0, 0));
        }
        let executed = replaced.map_or(0, |old| old.executed);
        let leaves = order.qty.saturating_sub(executed);
        let open = state.orders.open(order.instrument, order.side);
        let proposal = Proposal {
            instrument: order.instrument,
            side: order.side,
            price: (order.order_type == OrderType::Limit).then_some(order.price),
            qty: leaves,
            reference: market.opposite(order.side),
            position: self.portfolio.position(order.strategy, order.instrument).lots,
            open_same_side: open - replaced.map_or(0, |old| old.leaves),
        };
        self.risk.check(&proposal, now)?;
        let own = OwnOrder {
            client_id: order.client_id,
            order_id: 0,
            price: order.price,
            leaves,
            executed,
            arrival_mid2: market.mid2(),
            instrument: order.instrument,
            side: order.side,
        };
        if let Some(state) = self.state_mut(order.strategy) {
            state.orders.insert(own);
        }
        Ok(())
    }

    /// A cancel, or a reduction to a size. Never blocked; refused only when the order is not there.
    pub fn cancel(
        &mut self,
        cancel: &CancelOrder,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let found = self
            .state(cancel.strategy_id)
            .and_then(|state| state.orders.get(cancel.instrument_id, cancel.client_id));
        let Some(order) = found else {
            let key = key_of(cancel.strategy_id, cancel.instrument_id, cancel.client_id);
            let refusal = refuse(RejectReason::OrderUnknown, cancel.client_id, 0);
            emit_rejected(out, cause, key, CancelOrder::KIND, refusal);
            return None;
        };
        let (order_id, reason) = (order.order_id, CancelReason::User);
        Some(match cancel.qty_lots {
            0 => VenueCommand::Cancel { order_id, reason },
            qty => VenueCommand::Reduce { order_id, qty, reason },
        })
    }

    /// A replacement of price and quantity.
    pub fn replace(
        &mut self,
        replace: &ReplaceOrder,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        match self.try_replace(replace, market, now) {
            Ok(command) => Some(command),
            Err(refusal) => {
                let key = key_of(replace.strategy_id, replace.instrument_id, replace.new_client_id);
                emit_rejected(out, cause, key, ReplaceOrder::KIND, refusal);
                None
            }
        }
    }

    fn try_replace(
        &mut self,
        replace: &ReplaceOrder,
        market: &Reference,
        now: TsNs,
    ) -> Result<VenueCommand, Refusal> {
        let state = self.state(replace.strategy_id).ok_or(halted())?;
        let old = state.orders.get(replace.instrument_id, replace.client_id).copied();
        let old = old.ok_or(refuse(RejectReason::OrderUnknown, replace.client_id, 0))?;
        let last = state.orders.last_client_id();
        if replace.new_client_id <= last || replace.new_client_id >= QUOTE_ID_FIRST {
            return Err(refuse(RejectReason::ClientIdUsed, replace.new_client_id, last));
        }
        if let Some(state) = self.state_mut(replace.strategy_id) {
            state.orders.use_client_id(replace.new_client_id);
        }
        if replace.qty_lots <= old.executed {
            // OUCH 5.0: a replacement that is not above what was executed leaves nothing to do.
            let (order_id, reason) = (old.order_id, CancelReason::Replace);
            return Ok(VenueCommand::Cancel { order_id, reason });
        }
        let order = NewOrder {
            client_id: replace.new_client_id,
            price: replace.price_ticks,
            qty: replace.qty_lots,
            ..resting_limit(replace.strategy_id, &old)
        };
        self.submit(&order, market, now, Some(old))?;
        Ok(VenueCommand::Replace {
            strategy: order.strategy,
            instrument: order.instrument,
            order_id: old.order_id,
            client_id: order.client_id,
            price: order.price,
            qty: order.qty,
        })
    }

    /// Which side of a quote to move first, so that it never crosses itself.
    #[must_use]
    pub fn quote_order(&self, quote: &SetQuote) -> [Side; 2] {
        let orders = self.orders(quote.strategy_id);
        let ask = orders.and_then(|table| table.quote(quote.instrument_id, Side::Sell));
        match ask {
            Some(ask) if quote.bid_price_ticks >= ask.price => [Side::Sell, Side::Buy],
            _ => [Side::Buy, Side::Sell],
        }
    }

    /// What to do about one side of a quote. A quote is post-only and never trades with its owner.
    ///
    /// A partly filled side keeps its place in the queue; it is topped up when it moves or is gone.
    /// When the gate refuses the new price, the old order is cancelled: no quote is better than a
    /// stale one.
    pub fn quote_side(
        &mut self,
        quote: &SetQuote,
        side: Side,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let (price, qty) = match side {
            Side::Buy => (quote.bid_price_ticks, quote.bid_qty_lots),
            Side::Sell => (quote.ask_price_ticks, quote.ask_qty_lots),
        };
        let (strategy, instrument) = (quote.strategy_id, quote.instrument_id);
        let live = self.orders(strategy).and_then(|t| t.quote(instrument, side)).copied();
        let reason = CancelReason::Quote;
        let old = match live {
            None if qty == 0 => return None,
            Some(old) if qty == 0 => {
                return Some(VenueCommand::Cancel { order_id: old.order_id, reason });
            }
            Some(old) if old.price == price && old.leaves <= qty => return None,
            Some(old) if old.price == price => {
                let qty = old.executed + qty;
                return Some(VenueCommand::Reduce { order_id: old.order_id, qty, reason });
            }
            old => old,
        };
        let client_id = self.state_mut(strategy).map_or(0, |state| state.orders.next_quote_id());
        let total = qty.saturating_add(old.map_or(0, |old| old.executed));
        let order =
            NewOrder { client_id, price, qty: total, ..resting_quote(strategy, instrument, side) };
        match (self.submit(&order, market, now, old), old) {
            (Ok(()), None) => Some(VenueCommand::Enter(order)),
            (Ok(()), Some(old)) => {
                let order_id = old.order_id;
                Some(VenueCommand::Replace {
                    strategy,
                    instrument,
                    order_id,
                    client_id,
                    price,
                    qty: total,
                })
            }
            (Err(refusal), old) => {
                let key = key_of(strategy, instrument, client_id);
                emit_rejected(out, cause, key, SetQuote::KIND, refusal);
                old.map(|old| VenueCommand::Cancel { order_id: old.order_id, reason })
            }
        }
    }

    // ------------------------------------------------------------ what the venue answers

    /// The venue took an order.
    pub fn on_accepted(
        &mut self,
        key: OrderKey,
        order: &NewOrder,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            state.orders.set_order_id(key.instrument, key.client_id, key.order_id);
        }
        let event = OrderAccepted {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            price_ticks: order.price,
            qty_lots: order.qty,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            side: order.side.raw(),
            order_type: order.order_type.raw(),
            time_in_force: order.time_in_force.raw(),
            post_only: u8::from(order.post_only),
            reserved: 0,
        };
        out.emit(OrderAccepted::KIND, OrderAccepted::VERSION, &event.encode());
    }

    /// The venue refused a new order: its exposure is released.
    pub fn on_rejected(
        &mut self,
        key: OrderKey,
        command: u16,
        refusal: Refusal,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            state.orders.change(key.instrument, key.client_id, 0, 0);
        }
        emit_rejected(out, cause, key, command, refusal);
    }

    /// One of our orders traded.
    pub fn on_filled(&mut self, key: OrderKey, fill: &VenueFill, cause: u64, out: &mut dyn Outbox) {
        let Some(state) = self.state_mut(key.strategy) else { return };
        let before = state.orders.change(key.instrument, key.client_id, fill.leaves, fill.qty);
        let Some(order) = before else { return };
        let facts = FillFacts {
            side: order.side,
            price: fill.price,
            qty: fill.qty,
            maker: fill.liquidity == Liquidity::Added,
            arrival_mid2: order.arrival_mid2,
        };
        let event = OrderFilled {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            match_id: fill.match_id,
            price_ticks: fill.price,
            qty_lots: fill.qty,
            leaves_lots: fill.leaves,
            arrival_mid2_ticks: order.arrival_mid2,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            side: order.side.raw(),
            liquidity: fill.liquidity.raw(),
            reserved1: 0,
            reserved2: 0,
        };
        out.emit(OrderFilled::KIND, OrderFilled::VERSION, &event.encode());
        if let Some(position) = self.portfolio.fill(key.strategy, key.instrument, &facts) {
            let changed = PositionChanged {
                cause_seq: cause,
                position_lots: position.lots,
                cash_ticklots: position.cash.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
                strategy_id: key.strategy,
                instrument_id: key.instrument,
            };
            out.emit(PositionChanged::KIND, PositionChanged::VERSION, &changed.encode());
        }
    }

    /// An order, or part of it, was cancelled.
    pub fn on_canceled(
        &mut self,
        key: OrderKey,
        qty: Lots,
        leaves: Lots,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            state.orders.change(key.instrument, key.client_id, leaves, 0);
        }
        let event = OrderCanceled {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            qty_lots: qty,
            leaves_lots: leaves,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            reason: u16::from(reason.raw()),
            reserved1: 0,
            reserved2: 0,
        };
        out.emit(OrderCanceled::KIND, OrderCanceled::VERSION, &event.encode());
    }

    /// The venue will say no more of an order that it never took: its exposure is released.
    pub fn release(&mut self, strategy: StrategyId, instrument: InstrumentId, client_id: u64) {
        if let Some(state) = self.state_mut(strategy) {
            let pending = state.orders.get(instrument, client_id).is_some_and(|o| o.order_id == 0);
            if pending {
                state.orders.change(instrument, client_id, 0, 0);
            }
        }
    }

    /// A replacement took an order's place: the old one's exposure is released.
    pub fn on_replaced(
        &mut self,
        old_order_id: u64,
        key: OrderKey,
        price: Ticks,
        leaves: Lots,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            if let Some(old) = state.orders.client_id_of(key.instrument, old_order_id) {
                state.orders.change(key.instrument, old, 0, 0);
            }
            state.orders.set_order_id(key.instrument, key.client_id, key.order_id);
        }
        let event = OrderReplaced {
            cause_seq: cause,
            old_order_id,
            order_id: key.order_id,
            client_id: key.client_id,
            price_ticks: price,
            qty_lots: leaves,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
        };
        out.emit(OrderReplaced::KIND, OrderReplaced::VERSION, &event.encode());
    }

    // ------------------------------------------------------------ state

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        for state in &self.strategies {
            hasher.word(u64::from(state.running));
            state.orders.hash_into(hasher);
        }
        self.portfolio.hash_into(hasher);
        self.risk.hash_into(hasher);
    }

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.strategies.len() as u32);
        for state in &self.strategies {
            write_u8(out, u8::from(state.running));
            state.orders.save(out);
        }
        self.portfolio.save(out);
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
        }
        self.portfolio.restore(bytes)?;
        self.risk.restore(bytes)
    }
}

const fn key_of(strategy: StrategyId, instrument: InstrumentId, client_id: u64) -> OrderKey {
    OrderKey { strategy, instrument, client_id, order_id: 0 }
}

fn refuse(reason: RejectReason, value: u64, bound: u64) -> Refusal {
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    Refusal { reason, value: signed(value), bound: signed(bound) }
}

fn halted() -> Refusal {
    refuse(RejectReason::StrategyHalted, 0, 0)
}

fn decode_enter(order: &EnterOrder) -> Result<NewOrder, Refusal> {
    let bad = |value: u8| refuse(RejectReason::FieldInvalid, u64::from(value), 0);
    if order.qty_lots == 0 {
        return Err(refuse(RejectReason::QtyInvalid, 0, 1));
    }
    Ok(NewOrder {
        strategy: order.strategy_id,
        instrument: order.instrument_id,
        client_id: order.client_id,
        side: Side::from_raw(order.side).ok_or(bad(order.side))?,
        order_type: OrderType::from_raw(order.order_type).ok_or(bad(order.order_type))?,
        time_in_force: TimeInForce::from_raw(order.time_in_force)
            .ok_or(bad(order.time_in_force))?,
        post_only: order.post_only != 0,
        stp_mode: StpMode::from_raw(order.stp_mode).ok_or(bad(order.stp_mode))?,
        price: order.price_ticks,
        qty: order.qty_lots,
    })
}

const fn resting_limit(strategy: StrategyId, old: &OwnOrder) -> NewOrder {
    NewOrder {
        strategy,
        instrument: old.instrument,
        client_id: 0,
        side: old.side,
        order_type: OrderType::Limit,
        time_in_force: TimeInForce::Day,
        post_only: false,
        stp_mode: StpMode::Off,
        price: 0,
        qty: 0,
    }
}

const fn resting_quote(strategy: StrategyId, instrument: InstrumentId, side: Side) -> NewOrder {
    NewOrder {
        strategy,
        instrument,
        client_id: 0,
        side,
        order_type: OrderType::Limit,
        time_in_force: TimeInForce::Day,
        post_only: true,
        stp_mode: StpMode::CancelNewest,
        price: 0,
        qty: 0,
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
