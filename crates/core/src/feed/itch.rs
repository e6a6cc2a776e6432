// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! ITCH 5.0 messages made into market updates.
//!
//! Instruments are numbered from 1 in the order they are first named. A message that names none
//! (an execution, a cancel, a delete, a replace) is placed by its locate; 0 when that is unknown.
//! Nothing is allocated after construction.

use super::{FLAG_NOT_PRINTABLE, FLAG_TRADE_PRICE, MarketSink};
use crate::component::{Snapshot, SnapshotError};
use crate::events::{InstrumentDefined, MarketAction, MarketUpdated, Side, TradingStatus};
use crate::hash::StateHasher;
use crate::snapshot::read_array;
use crate::types::InstrumentId;
use crate::wire::itch::{
    AddOrder, BrokenTrade, CrossTrade, ItchError, Message, OrderExecutedWithPrice, OrderReplace,
    StockTradingAction, Trade,
};

/// Locates there can be.
const LOCATES: usize = 1 << 16;
/// Offset of the side in an add: for the error.
const SIDE_OFFSET: usize = 19;

/// What a message turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// It became an update.
    Update,
    /// It says nothing about a book, a trade or a status.
    Nothing,
    /// Its type is not known: keep it, count it, go on.
    Unknown,
}

/// A feed of ITCH 5.0 messages: a deterministic function of the messages and its midnight.
#[derive(Clone, Debug)]
pub struct ItchFeed {
    midnight_ns: i64,
    ids: Box<[InstrumentId; LOCATES]>,
    /// Symbol of each instrument, by id less one.
    symbols: Vec<[u8; 8]>,
}

impl ItchFeed {
    /// Most instruments a feed numbers; those after get instrument 0.
    pub const INSTRUMENTS_MAX: usize = LOCATES;
    /// Latest midnight: any timestamp of 48 bits can be added to it.
    pub const MIDNIGHT_NS_MAX: i64 = i64::MAX - (1 << 48);

    /// A feed of the day that began at `midnight_ns` (New York's, in ns since the Unix epoch).
    ///
    /// # Panics
    /// If `midnight_ns` is above [`Self::MIDNIGHT_NS_MAX`] (the year 2262).
    #[must_use]
    pub fn new(midnight_ns: i64) -> Self {
        assert!(midnight_ns <= Self::MIDNIGHT_NS_MAX, "midnight_ns is out of range");
        let ids = vec![0; LOCATES].into_boxed_slice().try_into().expect("made with this length");
        Self { midnight_ns, ids, symbols: Vec::with_capacity(Self::INSTRUMENTS_MAX) }
    }

    /// A feed that numbers nothing: whose a locate is, [`Self::place`] says.
    pub(super) fn numbered_elsewhere(midnight_ns: i64) -> Self {
        Self { symbols: Vec::new(), ..Self::new(midnight_ns) }
    }

    /// Midnight of its day.
    pub(super) const fn midnight_ns(&self) -> i64 {
        self.midnight_ns
    }

    /// Has its times count from another midnight, at most [`Self::MIDNIGHT_NS_MAX`].
    pub(super) const fn set_midnight(&mut self, midnight_ns: i64) {
        self.midnight_ns = midnight_ns;
    }

    /// Has the messages of a locate come with this id.
    pub(super) fn place(&mut self, locate: u16, id: InstrumentId) {
        self.ids[usize::from(locate)] = id;
    }

    /// Instruments met so far: their ids are 1 to this.
    #[must_use]
    pub fn instruments_count(&self) -> usize {
        self.symbols.len()
    }

    /// The instrument at a locate; 0 when none was named.
    #[inline]
    #[must_use]
    pub fn instrument_at(&self, locate: u16) -> InstrumentId {
        self.ids[usize::from(locate)]
    }

    /// Digest of the state.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.signed(self.midnight_ns);
        for symbol in &self.symbols {
            hasher.word(u64::from_be_bytes(*symbol));
        }
        for (locate, id) in self.placed() {
            hasher.word(u64::from(id) << 16 | locate as u64);
        }
        hasher.finish()
    }

    /// Takes one message in. `sink` gets a definition if it is the first of its instrument, then
    /// an update if it says anything about a book, a trade or a status.
    ///
    /// # Errors
    /// [`ItchError`] when the message breaks its layout; nothing has changed then.
    #[inline]
    pub fn decode<S: MarketSink>(
        &mut self,
        bytes: &[u8],
        sink: &mut S,
    ) -> Result<Decoded, ItchError> {
        let update = match Message::decode(bytes)? {
            Message::AddOrder(view) => self.add(&view.read(), sink)?,
            Message::AddOrderMpid(view) => {
                let m = view.read();
                let add = AddOrder {
                    stock_locate: m.stock_locate,
                    tracking_number: m.tracking_number,
                    timestamp_ns: m.timestamp_ns,
                    order_ref: m.order_ref,
                    side: m.side,
                    shares: m.shares,
                    stock: m.stock,
                    price_e4: m.price_e4,
                };
                self.add(&add, sink)?
            }
            Message::OrderDelete(view) => {
                let m = view.read();
                let update =
                    self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Delete);
                MarketUpdated { order_ref: m.order_ref, ..update }
            }
            Message::OrderExecuted(view) => {
                let m = view.read();
                MarketUpdated {
                    order_ref: m.order_ref,
                    other_ref: m.match_number,
                    qty_lots: u64::from(m.executed_shares),
                    ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Execute)
                }
            }
            Message::OrderCancel(view) => {
                let m = view.read();
                MarketUpdated {
                    order_ref: m.order_ref,
                    qty_lots: u64::from(m.canceled_shares),
                    ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Reduce)
                }
            }
            Message::OrderReplace(view) => self.replace(&view.read()),
            Message::OrderExecutedWithPrice(view) => self.execute_at(&view.read()),
            Message::Unknown(_) => return Ok(Decoded::Unknown),
            rare => return Ok(self.rare(rare, sink)),
        };
        sink.update(&update);
        Ok(Decoded::Update)
    }

    /// A displayed order.
    #[inline]
    fn add<S: MarketSink>(
        &mut self,
        m: &AddOrder,
        sink: &mut S,
    ) -> Result<MarketUpdated, ItchError> {
        let side = match m.side {
            b'B' => Side::Buy,
            b'S' => Side::Sell,
            found => {
                let (message_type, offset) = (AddOrder::TYPE, SIDE_OFFSET);
                return Err(ItchError::Value { message_type, offset, found });
            }
        };
        if self.instrument_at(m.stock_locate) == 0 {
            self.name(m.stock_locate, m.stock, sink);
        }
        Ok(MarketUpdated {
            order_ref: m.order_ref,
            price_ticks: i64::from(m.price_e4),
            qty_lots: u64::from(m.shares),
            side: side.raw(),
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Add)
        })
    }

    /// A replaced order.
    #[inline]
    fn replace(&self, m: &OrderReplace) -> MarketUpdated {
        MarketUpdated {
            order_ref: m.order_ref,
            other_ref: m.new_order_ref,
            price_ticks: i64::from(m.price_e4),
            qty_lots: u64::from(m.shares),
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Replace)
        }
    }

    /// An execution at a price of its own.
    #[inline]
    fn execute_at(&self, m: &OrderExecutedWithPrice) -> MarketUpdated {
        let hidden = if m.printable == b'N' { FLAG_NOT_PRINTABLE } else { 0 };
        MarketUpdated {
            order_ref: m.order_ref,
            other_ref: m.match_number,
            price_ticks: i64::from(m.execution_price_e4),
            qty_lots: u64::from(m.executed_shares),
            flags: FLAG_TRADE_PRICE | hidden,
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Execute)
        }
    }

    /// Everything that comes seldom, out of the way of what comes often.
    #[inline(never)]
    fn rare<S: MarketSink>(&mut self, message: Message<'_>, sink: &mut S) -> Decoded {
        if let Some((locate, symbol)) = named(message)
            && (self.instrument_at(locate) == 0 || matches!(message, Message::StockDirectory(_)))
        {
            self.name(locate, symbol, sink);
        }
        let update = match message {
            Message::Trade(view) => self.trade(&view.read()),
            Message::CrossTrade(view) => self.cross(&view.read()),
            Message::BrokenTrade(view) => self.broken(&view.read()),
            Message::StockTradingAction(view) => self.status(&view.read()),
            _ => return Decoded::Nothing,
        };
        sink.update(&update);
        Decoded::Update
    }

    /// A trade of hidden interest. The message says B whatever the side, so we say none.
    fn trade(&self, m: &Trade) -> MarketUpdated {
        MarketUpdated {
            order_ref: m.order_ref,
            other_ref: m.match_number,
            price_ticks: i64::from(m.price_e4),
            qty_lots: u64::from(m.shares),
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Trade)
        }
    }

    /// An auction's print.
    fn cross(&self, m: &CrossTrade) -> MarketUpdated {
        MarketUpdated {
            other_ref: m.match_number,
            price_ticks: i64::from(m.cross_price_e4),
            qty_lots: m.shares,
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Cross)
        }
    }

    /// A broken trade.
    fn broken(&self, m: &BrokenTrade) -> MarketUpdated {
        MarketUpdated {
            other_ref: m.match_number,
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Break)
        }
    }

    /// A trading status.
    fn status(&self, m: &StockTradingAction) -> MarketUpdated {
        let status = match m.trading_state {
            b'T' => TradingStatus::Trading,
            b'H' => TradingStatus::Halted,
            b'P' => TradingStatus::Paused,
            b'Q' => TradingStatus::Quoting,
            _ => TradingStatus::Unknown,
        };
        MarketUpdated {
            flags: u16::from(status.raw()),
            ..self.placed_update(m.stock_locate, m.timestamp_ns, MarketAction::Status)
        }
    }

    /// An update of the instrument at `locate` that says nothing yet.
    #[inline]
    fn placed_update(&self, locate: u16, timestamp_ns: u64, action: MarketAction) -> MarketUpdated {
        MarketUpdated {
            venue_ts_ns: self.midnight_ns + timestamp_ns.cast_signed(),
            order_ref: 0,
            other_ref: 0,
            price_ticks: 0,
            qty_lots: 0,
            instrument_id: self.instrument_at(locate),
            action: action.raw(),
            side: 0,
            flags: 0,
        }
    }

    /// Places a symbol at a locate, and numbers it when it is new.
    #[cold]
    fn name<S: MarketSink>(&mut self, locate: u16, symbol: [u8; 8], sink: &mut S) {
        if let Some(index) = self.symbols.iter().position(|&known| known == symbol) {
            self.ids[usize::from(locate)] = index as InstrumentId + 1;
            return;
        }
        if self.symbols.len() == Self::INSTRUMENTS_MAX {
            self.ids[usize::from(locate)] = 0;
            return;
        }
        self.symbols.push(symbol);
        let id = self.symbols.len() as InstrumentId;
        self.ids[usize::from(locate)] = id;
        sink.define(&definition(id, symbol, locate));
    }

    /// The locates that name an instrument.
    fn placed(&self) -> impl Iterator<Item = (usize, InstrumentId)> {
        self.ids.iter().copied().enumerate().filter(|&(_, id)| id != 0)
    }
}

/// An instrument priced in 1/10,000 dollar and traded by the share.
fn definition(instrument_id: InstrumentId, stock: [u8; 8], locate: u16) -> InstrumentDefined {
    let mut symbol = [0; 16];
    let text = stock.trim_ascii_end();
    symbol[..text.len()].copy_from_slice(text);
    InstrumentDefined {
        symbol,
        currency: *b"USD\0\0\0\0\0",
        tick_e9: 100_000,
        lot_e9: 1_000_000_000,
        multiplier_e9: 1_000_000_000,
        instrument_id,
        venue_code: u32::from(locate),
    }
}

/// The locate and symbol of any message that names a stock.
pub(super) fn symbol_of(message: Message<'_>) -> Option<(u16, [u8; 8])> {
    match message {
        Message::AddOrder(view) => Some((view.read().stock_locate, view.read().stock)),
        Message::AddOrderMpid(view) => Some((view.read().stock_locate, view.read().stock)),
        other => named(other),
    }
}

/// The locate and symbol of a message that names a stock, but for orders.
fn named(message: Message<'_>) -> Option<(u16, [u8; 8])> {
    macro_rules! stock {
        ($view:expr) => {{
            let message = $view.read();
            Some((message.stock_locate, message.stock))
        }};
    }
    match message {
        Message::StockDirectory(view) => stock!(view),
        Message::StockTradingAction(view) => stock!(view),
        Message::RegShoRestriction(view) => stock!(view),
        Message::MarketParticipantPosition(view) => stock!(view),
        Message::IpoQuotingPeriodUpdate(view) => stock!(view),
        Message::LuldAuctionCollar(view) => stock!(view),
        Message::OperationalHalt(view) => stock!(view),
        Message::Trade(view) => stock!(view),
        Message::CrossTrade(view) => stock!(view),
        Message::NetOrderImbalance(view) => stock!(view),
        Message::RetailInterest(view) => stock!(view),
        Message::DirectListing(view) => stock!(view),
        _ => None,
    }
}

impl Snapshot for ItchFeed {
    fn save(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.midnight_ns.to_le_bytes());
        out.extend_from_slice(&(self.symbols.len() as u32).to_le_bytes());
        self.symbols.iter().for_each(|symbol| out.extend_from_slice(symbol));
        out.extend_from_slice(&(self.placed().count() as u32).to_le_bytes());
        for (locate, id) in self.placed() {
            out.extend_from_slice(&(locate as u32).to_le_bytes());
            out.extend_from_slice(&id.to_le_bytes());
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let midnight_ns = i64::from_le_bytes(read_array(bytes)?);
        if midnight_ns > Self::MIDNIGHT_NS_MAX {
            return Err(SnapshotError::Invalid { what: "the feed's midnight" });
        }
        let symbols_count = u32::from_le_bytes(read_array(bytes)?) as usize;
        if symbols_count > Self::INSTRUMENTS_MAX {
            return Err(SnapshotError::Invalid { what: "the feed's count of instruments" });
        }
        self.midnight_ns = midnight_ns;
        self.symbols.clear();
        for _ in 0..symbols_count {
            self.symbols.push(read_array(bytes)?);
        }
        self.ids.fill(0);
        for _ in 0..u32::from_le_bytes(read_array(bytes)?) {
            let locate = u32::from_le_bytes(read_array(bytes)?) as usize;
            let id = u32::from_le_bytes(read_array(bytes)?);
            if locate >= LOCATES || id == 0 || id as usize > symbols_count {
                return Err(SnapshotError::Invalid { what: "the feed's table of locates" });
            }
            self.ids[locate] = id;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
