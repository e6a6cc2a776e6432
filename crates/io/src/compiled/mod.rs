// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Calls a strategy that was compiled to machine code: fills in what it may look at, calls it, and
//! hands what it asks for to its host. No interpreter, no lock, and no memory taken on the way.
//!
//! What a strategy never looks at is not gathered: whoever compiled it says what it looks at.

mod gather;
mod layout;

use onetape_core::events::{
    EnterOrder, GroupKind, LegChanged, OpenParent, OrderAccepted, OrderCanceled, OrderFilled,
    OrderRejected, OrderReplaced, OrderStateChanged, ParentChanged, StrategyParameterDeclared,
    StrategyParameterSet, SubmitOrder,
};
use onetape_core::trading::{
    Callback, InlineStrategy, LEGS_MAX, LegAsked, MarketTrade, QuoteSide, StrategyFault,
    StrategyHost, StrategyView, is_last_of_change,
};
use onetape_core::types::{InstrumentId, Side, StrategyId};

pub use layout::{
    ABI_VERSION, CALLBACKS, Context, INTENTS_MAX, IntentRecord, LEVELS_MAX, LevelRecord,
    MarketRecord, OrderRecord, TradeRecord, kinds, sizes,
};

/// A compiled callback: 0 when it did its work, else it has left what it raised in the context.
pub type Function = unsafe extern "C" fn(*mut Context) -> i32;

/// Places in the table of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// `on_start`.
    Start,
    /// `on_book`.
    Book,
    /// `on_trade`.
    Trade,
    /// `on_fill`.
    Fill,
    /// `on_order`.
    Order,
    /// `on_parent`.
    Parent,
    /// `on_timer`.
    Timer,
    /// `on_stop`.
    Stop,
    /// `on_parameter`.
    Parameter,
}

/// A field of the state that may be set while the strategy runs.
#[derive(Clone, Debug)]
pub struct CompiledParameter {
    /// As the strategy declares it; whose it is, is filled in at the start.
    pub declared: StrategyParameterDeclared,
    /// Where it stands in the state, bytes; eight are its own.
    pub offset: usize,
}

/// A compiled strategy, and what it looks at.
#[derive(Clone, Debug)]
pub struct CompiledConfig {
    /// Its callbacks, by [`Slot`]; `None` for those that it does not define.
    pub functions: [Option<Function>; CALLBACKS],
    /// Its parameters and state as the run begins.
    pub state: Vec<u8>,
    /// Symbols that it names.
    pub watched: Vec<Vec<u8>>,
    /// Where its state holds instruments, `u32` each, whose markets are kept up to date.
    pub market_offsets: Vec<usize>,
    /// What of the state may be set while it runs.
    pub parameters: Vec<CompiledParameter>,
    /// Levels of a side that it looks at, at most [`LEVELS_MAX`].
    pub levels: usize,
    /// Whether it looks at its live orders.
    pub looks_at_orders: bool,
    /// Whether it asks for their places in queues.
    pub looks_at_queues: bool,
    /// Whether it is called while a book is one-sided, locked or crossed as well.
    pub any_book: bool,
    /// Whose it is.
    pub strategy: StrategyId,
    /// Instruments of the run.
    pub instruments_max: u32,
    /// Live orders that it may have, quotes not counted.
    pub orders_max: u32,
}

/// Room for the body of any event that a strategy is told of.
const EVENT_BYTES: usize = 128;

/// A strategy whose callbacks are machine code.
#[derive(Debug)]
pub struct CompiledStrategy {
    config: CompiledConfig,
    context: Box<Context>,
    state: Vec<u64>,
    markets: Vec<MarketRecord>,
    watched: Vec<u32>,
    levels: Vec<LevelRecord>,
    orders: Vec<OrderRecord>,
    quoted: Vec<InstrumentId>,
    intents: Vec<IntentRecord>,
    /// Orders of a group that is not whole yet.
    legs: [LegAsked; LEGS_MAX],
    legs_count: usize,
    event: Box<[u64; EVENT_BYTES / 8]>,
}

impl CompiledStrategy {
    /// A strategy that has not been called. All its memory is taken now.
    ///
    /// # Safety
    /// Every function is one of this ABI ([`ABI_VERSION`]): it reads and writes nothing but what its
    /// context names, within the counts that stand there, and the whole of `config.state`; it keeps
    /// no address after it returns; it can be called from any thread, one at a time, as long as this
    /// value lives.
    #[must_use]
    pub unsafe fn new(config: CompiledConfig) -> Self {
        let CompiledConfig { instruments_max, orders_max, ref watched, .. } = config;
        let levels = config.levels.min(LEVELS_MAX);
        let shown = 1 + watched.len() + config.market_offsets.len();
        let quotes_max = if config.looks_at_orders { 4 * instruments_max as usize } else { 0 };
        let mut state = vec![0_u64; config.state.len().div_ceil(8).max(1)];
        for (word, bytes) in state.iter_mut().zip(config.state.chunks(8)) {
            let mut whole = [0; 8];
            whole[..bytes.len()].copy_from_slice(bytes);
            *word = u64::from_le_bytes(whole);
        }
        let mut made = Self {
            context: Box::new(Context {
                abi_version: ABI_VERSION,
                strategy_id: config.strategy,
                markets_count: instruments_max + 1,
                watched_count: watched.len() as u32,
                intents_max: INTENTS_MAX as u32,
                ..Context::default()
            }),
            state,
            markets: vec![MarketRecord::default(); instruments_max as usize + 1],
            watched: vec![0; watched.len().max(1)],
            levels: vec![LevelRecord::default(); shown * 2 * levels],
            orders: vec![OrderRecord::default(); orders_max as usize + quotes_max],
            quoted: Vec::with_capacity(instruments_max as usize + 1),
            intents: vec![IntentRecord::default(); INTENTS_MAX],
            legs: [LegAsked::default(); LEGS_MAX],
            legs_count: 0,
            event: Box::new([0; EVENT_BYTES / 8]),
            config: CompiledConfig { levels, ..config },
        };
        let context = (&raw mut *made.context).expose_provenance() as u64;
        for (id, market) in made.markets.iter_mut().enumerate() {
            market.instrument_id = id as u32;
            market.context = context;
        }
        made
    }

    /// Its parameters and state, as they are.
    #[must_use]
    pub fn state(&self) -> Vec<u8> {
        self.state.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// Calls a function, if there is one, and takes what it asks for.
    fn run(
        &mut self,
        slot: Slot,
        instrument: InstrumentId,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        let Some(function) = self.config.functions[slot as usize] else { return Ok(()) };
        self.gather(instrument, view);
        let context = &mut *self.context;
        context.now_ns = view.now();
        context.instrument_id = instrument;
        context.intents_count = 0;
        self.legs_count = 0;
        context.last_client_id = host.last_client_id();
        context.state = self.state.as_mut_ptr().expose_provenance() as u64;
        context.markets = self.markets.as_mut_ptr().expose_provenance() as u64;
        context.event = self.event.as_mut_ptr().expose_provenance() as u64;
        context.orders = self.orders.as_mut_ptr().expose_provenance() as u64;
        context.intents = self.intents.as_mut_ptr().expose_provenance() as u64;
        context.watched = self.watched.as_mut_ptr().expose_provenance() as u64;
        // SAFETY: `new`'s caller promised that the function keeps to its context. All that the
        // context names are buffers of `self`, of the sizes that stand beside them, none of which is
        // borrowed now; their addresses were taken from the buffers as they are.
        let status = unsafe { function(&raw mut *context) };
        if status != 0 {
            return Err(StrategyFault::Raised { error: context.error });
        }
        let count = (context.intents_count as usize).min(INTENTS_MAX);
        for at in 0..count {
            let intent = self.intents[at];
            self.ask(&intent, view, host)?;
        }
        Ok(())
    }

    /// Hands one thing that was asked for to the host.
    fn ask(
        &mut self,
        intent: &IntentRecord,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        let IntentRecord { kind, instrument_id, client_id, .. } = *intent;
        let given = match kind {
            kinds::QUOTE => {
                let bid = QuoteSide { price: intent.price_ticks, qty: intent.qty_lots };
                let ask = QuoteSide { price: intent.other_price_ticks, qty: intent.other_qty_lots };
                host.quote(instrument_id, bid, ask);
                self.has_quoted(instrument_id);
                return Ok(());
            }
            kinds::SEND => host.enter(EnterOrder {
                client_id: 0,
                price_ticks: intent.price_ticks,
                qty_lots: intent.qty_lots,
                strategy_id: 0,
                instrument_id,
                side: intent.side,
                order_type: intent.order_type,
                time_in_force: intent.time_in_force,
                post_only: intent.post_only,
                stp_mode: intent.stp_mode,
                reserved: [0; 3],
            }),
            kinds::SUBMIT => host.submit(submit_of(intent)),
            kinds::LEG | kinds::GROUP => return self.ask_group(intent, host),
            kinds::OPEN_PARENT => host.open_parent(OpenParent {
                parent_id: 0,
                qty_lots: intent.qty_lots,
                strategy_id: 0,
                instrument_id,
                children_max: intent.children_max,
                side: intent.side,
                reserved: [0; 3],
            }),
            kinds::CLOSE_PARENT => {
                host.close_parent(client_id);
                return Ok(());
            }
            kinds::REPLACE => {
                let IntentRecord { price_ticks, qty_lots, new_client_id, .. } = *intent;
                let given = host.replace(view, client_id, price_ticks, qty_lots);
                return same_id(given, new_client_id);
            }
            kinds::CANCEL => {
                host.cancel(view, client_id, intent.qty_lots);
                return Ok(());
            }
            kinds::CANCEL_ALL => {
                host.cancel_all(instrument_id);
                return Ok(());
            }
            kinds::SET_TIMER => {
                host.set_timer(view.now().saturating_add(intent.time_ns), intent.timer_id);
                return Ok(());
            }
            kind => return Err(StrategyFault::UnknownIntent { kind }),
        };
        same_id(given, client_id)
    }

    /// One order of a group, or the end of the group that makes one intent of them.
    fn ask_group(
        &mut self,
        intent: &IntentRecord,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        if intent.kind == kinds::LEG {
            if let Some(leg) = self.legs.get_mut(self.legs_count) {
                *leg = leg_of(intent);
                self.legs_count += 1;
            }
            return Ok(());
        }
        let kind = GroupKind::from_raw(intent.flags)
            .ok_or(StrategyFault::UnknownIntent { kind: intent.kind })?;
        let count = std::mem::take(&mut self.legs_count);
        let given = host.ask_group(kind, intent.stp_mode, &self.legs[..count]);
        same_id(given, intent.client_id)
    }

    /// Puts the event of a callback where the callback finds it.
    fn set_event(&mut self, kind: u16, body: &[u8]) {
        self.context.event_kind = u32::from(kind);
        for (word, bytes) in self.event.iter_mut().zip(body.chunks(8)) {
            let mut whole = [0; 8];
            whole[..bytes.len()].copy_from_slice(bytes);
            *word = u64::from_ne_bytes(whole);
        }
    }

    /// Writes a field of the state; a number, a truth value and a float alike fill its first bytes.
    fn set_parameter(&mut self, change: &StrategyParameterSet) {
        let mut known = self.config.parameters.iter();
        let found = known.find(|known| known.declared.name == change.name);
        let place = found.and_then(|found| self.state.get_mut(found.offset / 8));
        if let Some(word) = place {
            *word = change.value;
        }
    }

    fn set_trade(&mut self, trade: &MarketTrade) {
        let mut body = [0; size_of::<TradeRecord>()];
        body[..8].copy_from_slice(&trade.price.to_ne_bytes());
        body[8..16].copy_from_slice(&trade.qty.to_ne_bytes());
        body[16..20].copy_from_slice(&trade.instrument.to_ne_bytes());
        body[20] = trade.aggressor.map_or(0, Side::raw);
        self.set_event(0, &body);
    }
}

/// One order of a group.
const fn leg_of(intent: &IntentRecord) -> LegAsked {
    LegAsked {
        price: intent.price_ticks,
        stop_price: intent.stop_price_ticks,
        trail: intent.peg_offset_ticks,
        qty: intent.qty_lots,
        instrument: intent.instrument_id,
        side: intent.side,
        order_type: intent.order_type,
        time_in_force: intent.time_in_force,
        flags: intent.flags,
    }
}

/// An order with every term, but for the ids that its host gives.
const fn submit_of(intent: &IntentRecord) -> SubmitOrder {
    SubmitOrder {
        client_id: 0,
        price_ticks: intent.price_ticks,
        qty_lots: intent.qty_lots,
        display_lots: intent.display_lots,
        min_qty_lots: intent.min_qty_lots,
        stop_price_ticks: intent.stop_price_ticks,
        peg_offset_ticks: intent.peg_offset_ticks,
        expire_ts_ns: intent.expire_ts_ns,
        parent_id: intent.parent_id,
        after_id: intent.after_id,
        group_id: intent.group_id,
        strategy_id: 0,
        instrument_id: intent.instrument_id,
        side: intent.side,
        order_type: intent.order_type,
        time_in_force: intent.time_in_force,
        stp_mode: intent.stp_mode,
        flags: intent.flags,
        reserved: [0; 3],
    }
}

/// A strategy numbers its orders itself, so that it knows the number at once: both must agree.
const fn same_id(given: u64, client_id: u64) -> Result<(), StrategyFault> {
    if given == client_id { Ok(()) } else { Err(StrategyFault::WrongClientId { client_id }) }
}

impl InlineStrategy for CompiledStrategy {
    fn parameters(&self) -> Vec<StrategyParameterDeclared> {
        let strategy_id = self.config.strategy;
        let all = self.config.parameters.iter();
        all.map(|known| StrategyParameterDeclared { strategy_id, ..known.declared }).collect()
    }

    fn start(
        &mut self,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        self.find_watched(view);
        self.run(Slot::Start, 0, view, host)
    }

    #[inline]
    fn call(
        &mut self,
        callback: &Callback,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        match callback {
            Callback::Book(id) => {
                if !(self.config.any_book || view.touch(*id).is_orderly()) {
                    return Ok(());
                }
                self.run(Slot::Book, *id, view, host)
            }
            Callback::Trade(trade) => {
                self.set_trade(trade);
                self.run(Slot::Trade, trade.instrument, view, host)
            }
            Callback::Fill(e) => {
                self.set_event(OrderFilled::KIND, &e.encode());
                self.run(Slot::Fill, e.instrument_id, view, host)
            }
            Callback::Accepted(e) => {
                self.set_event(OrderAccepted::KIND, &e.encode());
                self.run(Slot::Order, e.instrument_id, view, host)
            }
            Callback::Rejected(e) => {
                self.set_event(OrderRejected::KIND, &e.encode());
                self.run(Slot::Order, e.instrument_id, view, host)
            }
            Callback::Canceled(e) => {
                self.set_event(OrderCanceled::KIND, &e.encode());
                self.run(Slot::Order, e.instrument_id, view, host)
            }
            Callback::Replaced(e) => {
                self.set_event(OrderReplaced::KIND, &e.encode());
                self.run(Slot::Order, e.instrument_id, view, host)
            }
            Callback::StateChanged(e) => {
                self.set_event(OrderStateChanged::KIND, &e.encode());
                self.run(Slot::Order, e.instrument_id, view, host)
            }
            Callback::Leg(e) => {
                self.set_event(LegChanged::KIND, &e.encode());
                self.run(Slot::Order, e.instrument_id, view, host)
            }
            Callback::Parent(e) => {
                self.set_event(ParentChanged::KIND, &e.encode());
                self.run(Slot::Parent, e.instrument_id, view, host)
            }
            Callback::Timer(id) => {
                self.context.timer_id = *id;
                self.run(Slot::Timer, 0, view, host)
            }
            Callback::Parameter(change) => {
                self.set_parameter(change);
                let is_whole = is_last_of_change(change);
                if is_whole { self.run(Slot::Parameter, 0, view, host) } else { Ok(()) }
            }
            Callback::Defined(id) => {
                self.is_named(*id, view);
                Ok(())
            }
        }
    }

    fn stop(
        &mut self,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        self.run(Slot::Stop, 0, view, host)
    }
}
