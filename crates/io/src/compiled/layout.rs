// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The records that the engine and a compiled strategy share: the Rust side of the C ABI.
//!
//! `docs/internals/compiled.md` describes them; `python/onetape/trading/machine_code/layout.py` has
//! the other side. Addresses are numbers here: only compiled code reads through them.

/// Version of everything in this module: a change of any field raises it.
pub const ABI_VERSION: u32 = 2;

/// Callbacks in a table of functions.
pub const CALLBACKS: usize = 9;

/// Most levels of a side that a strategy may look at.
pub const LEVELS_MAX: usize = 64;

/// Most things that a strategy may ask for in one callback.
pub const INTENTS_MAX: usize = 256;

/// What the engine gives to every callback.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// [`ABI_VERSION`].
    pub abi_version: u32,
    /// Whose callback it is.
    pub strategy_id: u32,
    /// Journal time, nanoseconds since the Unix epoch.
    pub now_ns: i64,
    /// Address of the strategy's parameters and state.
    pub state: u64,
    /// Address of the [`MarketRecord`]s, by instrument.
    pub markets: u64,
    /// Address of the event: as in the journal, or a [`TradeRecord`].
    pub event: u64,
    /// Address of the [`OrderRecord`]s.
    pub orders: u64,
    /// Address of the [`IntentRecord`]s.
    pub intents: u64,
    /// Address of the ids of the symbols that the strategy names, `u32` each; 0 while unnamed.
    pub watched: u64,
    /// Where the callback leaves what it raised.
    pub error: u64,
    /// Highest client id used; the callback counts it on.
    pub last_client_id: u64,
    /// Kind of the event.
    pub event_kind: u32,
    /// Instrument that the callback is about; 0 for none.
    pub instrument_id: u32,
    /// Timer that came due.
    pub timer_id: u32,
    /// Market records.
    pub markets_count: u32,
    /// Order records that are filled in.
    pub orders_count: u32,
    /// Symbols that the strategy names.
    pub watched_count: u32,
    /// Intents that the callback made.
    pub intents_count: u32,
    /// Intents that there is room for.
    pub intents_max: u32,
    /// Zero.
    pub reserved: [u64; 2],
}

/// One instrument's market: others' best prices, the strategy's position.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarketRecord {
    /// Instrument.
    pub instrument_id: u32,
    /// 1: there was a trade.
    pub has_last_trade: u32,
    /// Best bid, ticks; 0 for none.
    pub bid_ticks: i64,
    /// Quantity there, lots.
    pub bid_lots: u64,
    /// Best ask, ticks; 0 for none.
    pub ask_ticks: i64,
    /// Quantity there, lots.
    pub ask_lots: u64,
    /// Step between allowed prices at the best bid, ticks.
    pub increment_ticks: i64,
    /// Price of the last trade, ticks.
    pub last_trade_ticks: i64,
    /// The strategy's signed position, lots.
    pub position_lots: i64,
    /// Address of the bids' [`LevelRecord`]s.
    pub bids: u64,
    /// Address of the asks' [`LevelRecord`]s.
    pub asks: u64,
    /// Bid levels that are filled in.
    pub bids_count: u32,
    /// Ask levels that are filled in.
    pub asks_count: u32,
    /// Address of the [`Context`].
    pub context: u64,
}

/// One price level of others.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelRecord {
    /// Price, ticks.
    pub price_ticks: i64,
    /// Quantity, lots.
    pub qty_lots: u64,
    /// Orders.
    pub orders: u32,
    /// Zero.
    pub reserved: u32,
}

/// One of the strategy's live orders.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderRecord {
    /// The strategy's number for it.
    pub client_id: u64,
    /// Limit price, ticks; 0 for a market order.
    pub price_ticks: i64,
    /// Lots still open.
    pub leaves_lots: u64,
    /// Lots executed, over the chain of replacements.
    pub executed_lots: u64,
    /// Lots ahead of it in its queue.
    pub lots_ahead: u64,
    /// Orders ahead of it in its queue.
    pub orders_ahead: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Side.
    pub side: u8,
    /// 1: the venue took it.
    pub is_accepted: u8,
    /// 1: it rests, and the two above count.
    pub is_queued: u8,
    /// Zero.
    pub reserved: [u8; 5],
}

/// Somebody's trade.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct TradeRecord {
    /// Price, ticks.
    pub price_ticks: i64,
    /// Quantity, lots.
    pub qty_lots: u64,
    /// Instrument.
    pub instrument_id: u32,
    /// Side that took; 0 where nobody says.
    pub aggressor: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

/// One thing that a strategy asks for; which fields count, its kind says.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct IntentRecord {
    /// What is asked for: one of `kinds`.
    pub kind: u32,
    /// Instrument; 0 for all where that is allowed.
    pub instrument_id: u32,
    /// Order that is meant, or the new order.
    pub client_id: u64,
    /// The replacement.
    pub new_client_id: u64,
    /// Limit price, or the quote's bid, ticks.
    pub price_ticks: i64,
    /// Quantity, or that of the quote's bid, lots.
    pub qty_lots: u64,
    /// The quote's ask, ticks.
    pub other_price_ticks: i64,
    /// Quantity of the quote's ask, lots.
    pub other_qty_lots: u64,
    /// Time from now until a timer, ns.
    pub time_ns: i64,
    /// Timer.
    pub timer_id: u32,
    /// Side.
    pub side: u8,
    /// Type of order.
    pub order_type: u8,
    /// Life.
    pub time_in_force: u8,
    /// 1: reject rather than take.
    pub post_only: u8,
    /// Self-trade prevention.
    pub stp_mode: u8,
    /// Flags of an order with every term, as in `SubmitOrder`.
    pub flags: u8,
    /// Zero.
    pub reserved1: [u8; 2],
    /// Most children of a parent order.
    pub children_max: u32,
    /// Quantity shown at a time, lots; 0 shows all.
    pub display_lots: u64,
    /// Least quantity of an execution, lots; 0 for any.
    pub min_qty_lots: u64,
    /// Trigger of a stop, ticks; 0 for none.
    pub stop_price_ticks: i64,
    /// How far a peg stands from its reference, ticks.
    pub peg_offset_ticks: i64,
    /// End of an order that rests until then, nanoseconds since the Unix epoch; 0 for none.
    pub expire_ts_ns: i64,
    /// Parent order; 0 for none.
    pub parent_id: u64,
    /// Order that it is held for; 0 for none.
    pub after_id: u64,
    /// Orders that share their quantity; 0 for none.
    pub group_id: u64,
}

/// Values of [`IntentRecord::kind`].
pub mod kinds {
    /// A two-sided quote.
    pub const QUOTE: u32 = 1;
    /// A new order.
    pub const SEND: u32 = 2;
    /// A cancel, or a reduction.
    pub const CANCEL: u32 = 3;
    /// A replacement.
    pub const REPLACE: u32 = 4;
    /// Everything cancelled.
    pub const CANCEL_ALL: u32 = 5;
    /// A timer.
    pub const SET_TIMER: u32 = 6;
    /// A new order with every term it can have.
    pub const SUBMIT: u32 = 7;
    /// A parent order.
    pub const OPEN_PARENT: u32 = 8;
    /// A parent order's end.
    pub const CLOSE_PARENT: u32 = 9;
    /// An order of a group; its trail stands where a peg's offset does.
    pub const LEG: u32 = 10;
    /// The group of the orders before it; its kind stands where flags do.
    pub const GROUP: u32 = 11;
}

/// Name and size of each record, bytes, the version first: what the other side compares with.
#[must_use]
pub const fn sizes() -> [(&'static str, usize); 7] {
    [
        ("version", ABI_VERSION as usize),
        ("context", size_of::<Context>()),
        ("market", size_of::<MarketRecord>()),
        ("level", size_of::<LevelRecord>()),
        ("order", size_of::<OrderRecord>()),
        ("trade", size_of::<TradeRecord>()),
        ("intent", size_of::<IntentRecord>()),
    ]
}
