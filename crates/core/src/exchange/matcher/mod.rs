// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange: a deterministic matching engine over the books, price first and then time.
//!
//! It keeps no clock, knows no sessions and encodes nothing: commands in, reports out. The same
//! engine is the simulated venue of a backtest ([`Replayed`]), where the book also holds historical
//! orders.
//! Invariants: a report says what has happened in the book; a rejected command changes nothing;
//! order and match ids rise by one; cancels work in every status; nothing is allocated after
//! [`Matcher::new`].

mod change;
mod command;
mod entry;
mod extras;
mod ghosts;
mod hidden;
mod history;
mod lifecycle;
mod matching;
mod own;
mod replayed;
mod report;
mod seat;
mod self_trade;
mod snapshot;
mod special;
mod uncross;
mod wake;
mod walk;
mod warm;

pub use command::{Command, CommandError, NewOrder};
pub use extras::{Amendment, Aside, Extras, Standing};
pub use history::MarketCounters;
pub use report::{
    Accepted, Canceled, Crossed, Fill, MARKET, Party, Prevented, Rejected, Replaced, Report,
    Reports, Restated, Rested,
};

use std::marker::PhantomData;

use crate::book::{BookError, Books, BooksConfig, Handle, Located, OrderView};
use crate::events::TradingStatus;
use crate::types::{InstrumentId, Lots, Side, TickTable, Ticks};
use entry::Steps;
use ghosts::Ghosts;
use hidden::{Hidden, Reserves};
use own::OwnLists;
use wake::Sleeper;

/// Largest quantity of one order.
pub const QTY_MAX: Lots = 1 << 40;
/// Highest price of an order.
pub const PRICE_MAX: Ticks = 1 << 60;

/// What kind of market it is: chosen when it is compiled, so that one pays nothing for the other.
pub trait Policy {
    /// Whether historical orders share the book with ours.
    const REPLAYED: bool;
}

/// An exchange: every order is matched by price, then time.
#[derive(Clone, Copy, Debug)]
pub enum PriceTime {}

/// A simulated venue: historical orders pass through the book as history says, and ours, matched by
/// price and then time, stand among them.
#[derive(Clone, Copy, Debug)]
pub enum Replayed {}

impl Policy for PriceTime {
    const REPLAYED: bool = false;
}

impl Policy for Replayed {
    const REPLAYED: bool = true;
}

/// The limits of a [`Matcher`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatcherConfig {
    /// Those of its books.
    pub books: BooksConfig,
    /// Most historical orders remembered after ours took them whole; [`Replayed`] only.
    pub ghosts_max: u32,
    /// Most hidden orders that rest at one time, in all instruments; [`PriceTime`] only.
    pub hidden_orders_max: u32,
    /// Most resting orders of one instrument that have a size condition: each incoming order may have
    /// to pass them over, and each that rests wakes them all.
    pub conditioned_max: u32,
    /// Highest owner that may belong to a firm; [`PriceTime`] only.
    pub owners_max: u32,
}

impl Default for MatcherConfig {
    fn default() -> Self {
        Self {
            books: BooksConfig::default(),
            ghosts_max: 4_096,
            hidden_orders_max: 1 << 18,
            conditioned_max: 1_000,
            owners_max: 4_096,
        }
    }
}

/// What is kept of a resting order beside the book, by its handle; two to a cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
struct Record {
    /// The client's own number. Of a historical order: its reference.
    client: u64,
    /// Executed over the chain of replacements. Of a historical order: what history says is left.
    executed: Lots,
    arrival_mid2: Ticks,
    /// As in the book; here, a command touches one cache line less.
    owner: u32,
    flags: u32,
}

impl Record {
    const EMPTY: Self = Self { client: 0, executed: 0, arrival_mid2: 0, owner: MARKET, flags: 0 };
    /// Self-trade prevention: cancel the newest.
    const STP: u32 = 1;
    const POST_ONLY: u32 = 2;
    /// A historical order that has less left than history says.
    const TOUCHED: u32 = 4;
    /// A reserve order: the book holds its slice, [`Reserves`] the rest.
    const RESERVE: u32 = 8;
    /// Post-only, and priced behind what it would take.
    const SLIDE: u32 = 16;
    /// A peg: on any tick, and in no auction.
    const PEG: u32 = 32;
    /// Other self-trade prevention: its mode, and whether it is by firm.
    const STP_SHIFT: u32 = 8;
    const STP_MODES: u32 = 7 << Self::STP_SHIFT;
    const STP_FIRM: u32 = 1 << 11;
    /// What plain matching does not know.
    const SPECIAL: u32 = Self::RESERVE | Self::SLIDE | Self::STP_MODES;
}

/// What is known of an instrument beside its book.
#[derive(Clone, Copy, Debug)]
struct Market {
    steps: Steps,
    status: TradingStatus,
    defined: bool,
    /// Orders of ours that rest here; counted where [`Policy::REPLAYED`].
    own_live: u32,
    /// Historical orders here, and ghosts, that have less left than history says.
    watched: u32,
    /// Hidden and reserve orders that rest here.
    special_orders: u32,
    /// Of these, those with a size condition.
    conditioned: u32,
    /// What plain matching does not know: [`Self::PRO_RATA`], [`Self::NO_MATCH`].
    rules: u32,
}

impl Market {
    const UNDEFINED: Self = Self {
        steps: Steps::UNDEFINED,
        status: TradingStatus::Unknown,
        defined: false,
        own_live: 0,
        watched: 0,
        special_orders: 0,
        conditioned: 0,
        rules: 0,
    };
    /// Each price is shared by size.
    const PRO_RATA: u32 = 1;
    /// Orders rest and do not match.
    const NO_MATCH: u32 = 2;

    /// Whether plain matching is not enough.
    #[inline]
    const fn is_special(&self) -> bool {
        self.special_orders | self.rules != 0
    }

    /// Whether orders match: open, or nobody said that it is not.
    const fn is_matching(&self) -> bool {
        matches!(self.status, TradingStatus::Trading | TradingStatus::Unknown)
    }
}

/// The matching engine, for all instruments of a run.
#[derive(Debug)]
pub struct Matcher<P: Policy = PriceTime> {
    books: Books,
    records: Vec<Record>,
    markets: Vec<Market>,
    tick_tables: Vec<TickTable>,
    order_id_last: u64,
    match_id_last: u64,
    own: OwnLists,
    ghosts: Ghosts,
    hidden: Hidden,
    reserves: Reserves,
    /// Of the side that wakes now.
    sleepers: Vec<Sleeper>,
    /// By owner; 0 for none.
    firms: Vec<u32>,
    counters: MarketCounters,
    config: MatcherConfig,
    policy: PhantomData<P>,
}

impl<P: Policy> Matcher<P> {
    /// Set in the book's reference of each order of ours where historical orders share the book.
    pub const OWN_BIT: u64 = if P::REPLAYED { 1 << 63 } else { 0 };

    /// A matcher without instruments or orders.
    ///
    /// # Panics
    /// When the memory cannot be had, or a limit is 2^30 or more.
    #[must_use]
    pub fn new(config: MatcherConfig) -> Self {
        let orders_max = config.books.orders_max;
        let replayed = |limit: u32| if P::REPLAYED { limit } else { 0 };
        let exchange = |limit: u32| if P::REPLAYED { 0 } else { limit };
        Self {
            books: Books::new(config.books),
            records: Vec::with_capacity(orders_max as usize + 1),
            markets: vec![Market::UNDEFINED; config.books.instruments_max as usize + 1],
            tick_tables: vec![TickTable::default(); config.books.instruments_max as usize + 1],
            order_id_last: 0,
            match_id_last: 0,
            own: OwnLists::new(replayed(orders_max), replayed(config.books.instruments_max)),
            ghosts: Ghosts::new(replayed(config.ghosts_max)),
            hidden: Hidden::new(
                exchange(config.hidden_orders_max),
                exchange(config.books.instruments_max),
            ),
            reserves: Reserves::new(exchange(orders_max)),
            sleepers: Vec::with_capacity(exchange(config.hidden_orders_max) as usize),
            firms: vec![0; exchange(config.owners_max) as usize + 1],
            counters: MarketCounters::default(),
            config,
            policy: PhantomData,
        }
    }

    /// Defines an instrument, or gives it another tick table with the same top step.
    ///
    /// # Errors
    /// [`BookError`] when the id is out of range, or the step is or changes.
    pub fn define_instrument(
        &mut self,
        instrument: InstrumentId,
        tick_table: TickTable,
    ) -> Result<(), BookError> {
        let step = tick_table.usual_increment();
        self.books.define(instrument, step)?;
        if !P::REPLAYED {
            self.hidden.books.define(instrument, step)?;
        }
        let market = &mut self.markets[instrument as usize];
        market.steps = Steps::new(&tick_table);
        market.defined = true;
        self.tick_tables[instrument as usize] = tick_table;
        Ok(())
    }

    /// The trading status of an instrument changed. One that is not defined has none.
    pub fn set_status(&mut self, instrument: InstrumentId, status: TradingStatus) {
        if let Some(market) = self.markets.get_mut(instrument as usize) {
            market.status = status;
        }
    }

    /// Trading status of an instrument; `None` when it is not defined.
    #[must_use]
    pub fn status(&self, instrument: InstrumentId) -> Option<TradingStatus> {
        self.market(instrument).map(|market| market.status)
    }

    /// The books: best prices, levels, queues. References of our orders carry [`Self::OWN_BIT`].
    #[must_use]
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// The limits it was made with.
    #[must_use]
    pub const fn config(&self) -> MatcherConfig {
        self.config
    }

    /// The last order id given out; 0 when none was.
    #[must_use]
    pub const fn order_id_last(&self) -> u64 {
        self.order_id_last
    }

    /// The last match id given out; 0 when none was.
    #[must_use]
    pub const fn match_id_last(&self) -> u64 {
        self.match_id_last
    }

    /// How many orders of ours rest.
    #[must_use]
    pub fn live_orders(&self) -> u32 {
        if P::REPLAYED {
            self.own.live()
        } else {
            self.books.live_orders() + self.hidden.books.live_orders()
        }
    }

    /// A resting order of ours that the book displays; its `order_ref` is its order id. See
    /// [`Self::standing`] for those that it does not.
    #[must_use]
    pub fn order(&self, order_id: u64) -> Option<OrderView> {
        let view = self.books.view(self.find(order_id)?.handle());
        Some(OrderView { order_ref: order_id, ..view })
    }

    /// Displayed orders of ours on one side, first to trade first; `order_ref` is the order id.
    pub fn orders(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = OrderView> + '_ {
        std::iter::successors(self.own_front(instrument, side), |&handle| self.own_next(handle))
            .map(|handle| self.books.view(handle))
            .map(|view| OrderView { order_ref: view.order_ref & !Self::OWN_BIT, ..view })
    }

    /// All displayed orders on one side, first to trade first. References are as in the books, but for
    /// orders of ours, whose `order_ref` is the order id; a historical order has owner [`MARKET`].
    pub fn queue(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = OrderView> + '_ {
        std::iter::successors(self.books.front(instrument, side), |&handle| {
            self.books.next_by_priority(handle)
        })
        .map(|handle| self.books.view(handle))
        .map(|view| OrderView { order_ref: view.order_ref & !Self::OWN_BIT, ..view })
    }

    /// First order of ours on a side.
    fn own_front(&self, instrument: InstrumentId, side: Side) -> Option<Handle> {
        if P::REPLAYED {
            self.own.front(instrument, side)
        } else {
            self.books.front(instrument, side)
        }
    }

    /// The order of ours after this one, on its side.
    fn own_next(&self, handle: Handle) -> Option<Handle> {
        if P::REPLAYED { self.own.next(handle) } else { self.books.next_by_priority(handle) }
    }

    #[inline]
    fn market(&self, instrument: InstrumentId) -> Option<&Market> {
        self.markets.get(instrument as usize).filter(|market| market.defined)
    }

    /// A resting order of ours.
    #[inline]
    fn find(&self, order_id: u64) -> Option<Located> {
        if P::REPLAYED && order_id & Self::OWN_BIT != 0 {
            return None;
        }
        self.books.locate(order_id | Self::OWN_BIT)
    }

    #[inline]
    fn set_record(&mut self, handle: Handle, record: Record) {
        let index = handle.index();
        if index >= self.records.len() {
            self.records.resize(index + 1, Record::EMPTY);
        }
        self.records[index] = record;
    }

    #[inline]
    fn record(&self, handle: Handle) -> Record {
        self.records.get(handle.index()).copied().unwrap_or(Record::EMPTY)
    }
}
