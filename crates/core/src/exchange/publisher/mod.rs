// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data out: what happened in the displayed book and in auctions, as ITCH 5.0 messages.
//!
//! One call a message, in the order of what happened. Hidden interest shows only when it trades.
//! Our prices have the wire's four decimals, our lots are shares, a locate is an instrument's id.

use super::wires::Wires;
use crate::events::{Phase, Side};
use crate::types::{InstrumentId, Lots, Ticks, TsNs};
use crate::wire::itch::{
    AddOrder, AddOrderMpid, BrokenTrade, CrossTrade, LuldAuctionCollar, NetOrderImbalance,
    OrderCancel, OrderDelete, OrderExecuted, OrderExecutedWithPrice, OrderReplace,
    RegShoRestriction, StockDirectory, StockTradingAction, SystemEvent, Trade,
};

/// Highest price that the wire holds, 200,000.0000: what an instrument on this exchange may cost.
pub const WIRE_PRICE_MAX: Ticks = 2_000_000_000;
/// Largest quantity of one order on the wire.
pub const WIRE_QTY_MAX: Lots = u32::MAX as Lots;

/// A point of the day that the feed announces. Source: ITCH 5.0, System Event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEvent {
    /// The first message.
    StartOfMessages = b'O' as isize,
    /// Orders are taken.
    StartOfSystemHours = b'S' as isize,
    /// Continuous trading began.
    StartOfMarketHours = b'Q' as isize,
    /// Continuous trading ended.
    EndOfMarketHours = b'M' as isize,
    /// Orders are no longer taken.
    EndOfSystemHours = b'E' as isize,
    /// The last message.
    EndOfMessages = b'C' as isize,
}

/// An order as the feed shows it.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The order.
    pub order_id: u64,
    /// Its displayed quantity.
    pub qty: Lots,
    /// Its price.
    pub price: Ticks,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Whose, if it wants that known.
    pub mpid: Option<[u8; 4]>,
}

/// An auction as it would end now, as the feed shows it.
#[derive(Clone, Copy, Debug)]
pub struct Imbalance {
    /// Quantity that would trade.
    pub paired: Lots,
    /// What would be left.
    pub imbalance: Lots,
    /// Of which side.
    pub side: Option<Side>,
    /// Where it would trade; 0 for nowhere.
    pub price: Ticks,
    /// Where the orders for it alone would; 0 for nowhere.
    pub far: Ticks,
    /// The price that the imbalance is counted at.
    pub reference: Ticks,
    /// Which auction.
    pub phase: Phase,
}

/// Makes the messages of the feed.
#[derive(Clone, Debug)]
pub struct Publisher {
    midnight_ns: TsNs,
    symbols: Vec<[u8; 8]>,
    /// Symbols in order, to find one.
    by_symbol: Vec<([u8; 8], InstrumentId)>,
    /// Of the entry being applied, from midnight.
    now: u64,
}

impl Publisher {
    /// A publisher that knows no instrument yet.
    #[must_use]
    pub fn new(instruments_max: u32) -> Self {
        let symbols = vec![[b' '; 8]; instruments_max as usize + 1];
        let by_symbol = Vec::with_capacity(instruments_max as usize);
        Self { midnight_ns: 0, symbols, by_symbol, now: 0 }
    }

    /// From which midnight times count.
    pub const fn set_midnight(&mut self, midnight_ns: TsNs) {
        self.midnight_ns = midnight_ns;
    }

    /// Midnight, in nanoseconds since the Unix epoch.
    #[must_use]
    pub const fn midnight_ns(&self) -> TsNs {
        self.midnight_ns
    }

    /// The time that the next messages carry.
    #[inline]
    pub fn set_now(&mut self, ts_ns: TsNs) {
        self.now = wire_time(ts_ns, self.midnight_ns);
    }

    /// Names an instrument, in at most 8 characters. It keeps the first name it was given.
    pub fn name(&mut self, instrument: InstrumentId, symbol: &[u8]) {
        let Some(place) = self.symbols.get_mut(instrument as usize) else { return };
        let mut padded = [b' '; 8];
        for (to, from) in padded.iter_mut().zip(symbol) {
            *to = *from;
        }
        if let (Err(at), [b' ', ..]) = (self.by_symbol.binary_search(&(padded, 0)), *place) {
            *place = padded;
            self.by_symbol.insert(at, (padded, instrument));
        }
    }

    /// The symbol of an instrument, padded with spaces.
    #[must_use]
    pub fn symbol(&self, instrument: InstrumentId) -> [u8; 8] {
        self.symbols.get(instrument as usize).copied().unwrap_or([b' '; 8])
    }

    /// The symbol of an instrument without padding; empty when there is none.
    #[must_use]
    pub fn symbol_text(&self, instrument: InstrumentId) -> &[u8] {
        let Some(symbol) = self.symbols.get(instrument as usize) else { return &[] };
        let length = symbol.iter().position(|&letter| letter == b' ').unwrap_or(symbol.len());
        &symbol[..length]
    }

    /// Which instrument a symbol of 8 characters names.
    #[inline]
    #[must_use]
    pub fn find(&self, symbol: &[u8; 8]) -> Option<InstrumentId> {
        let at = self.by_symbol.binary_search_by(|(known, _)| known.cmp(symbol)).ok()?;
        Some(self.by_symbol[at].1)
    }

    /// A point of the day.
    pub fn day_event(&self, event: DayEvent, wires: &mut impl Wires) {
        let event_code = event as u8;
        let (stock_locate, tracking_number, timestamp_ns) = (0, 0, self.now);
        wires.publish(
            &SystemEvent { stock_locate, tracking_number, timestamp_ns, event_code }.encode(),
        );
    }

    /// An instrument of the day.
    pub fn directory(&self, instrument: InstrumentId, wires: &mut impl Wires) {
        let message = StockDirectory {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            stock: self.symbol(instrument),
            market_category: b' ',
            financial_status: b' ',
            round_lot_size: 100,
            round_lots_only: b'N',
            issue_classification: b'C',
            issue_sub_type: *b"Z ",
            authenticity: b'T',
            short_sale_threshold: b'N',
            ipo_flag: b'N',
            luld_reference_price_tier: b' ',
            etp_flag: b'N',
            etp_leverage_factor: 1,
            inverse_indicator: b'N',
        };
        wires.publish(&message.encode());
    }

    /// An instrument is under no short-sale price test.
    pub fn short_sale(&self, instrument: InstrumentId, wires: &mut impl Wires) {
        let message = RegShoRestriction {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            stock: self.symbol(instrument),
            reg_sho_action: b'0',
        };
        wires.publish(&message.encode());
    }

    /// An instrument's phase.
    pub fn phase(&self, instrument: InstrumentId, phase: Phase, wires: &mut impl Wires) {
        let (trading_state, reason) = match phase {
            Phase::Continuous => (b'T', *b"    "),
            Phase::PreOpen | Phase::OpeningAuction | Phase::ClosingAuction => (b'Q', *b"    "),
            Phase::VolatilityAuction => (b'P', *b"LUDP"),
            Phase::Halted => (b'H', *b"H10 "),
            Phase::Closed => (b'H', *b"    "),
        };
        let message = StockTradingAction {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            stock: self.symbol(instrument),
            trading_state,
            reserved: b' ',
            reason,
        };
        wires.publish(&message.encode());
    }

    /// An order joined the displayed book.
    #[inline]
    pub fn add(&self, order: &Shown, wires: &mut impl Wires) {
        let message = AddOrder {
            stock_locate: order.instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: order.order_id,
            side: side_letter(order.side),
            shares: order.qty as u32,
            stock: self.symbol(order.instrument),
            price_e4: wire_price(order.price),
        };
        let Some(attribution) = order.mpid else {
            wires.publish(&message.encode());
            return;
        };
        let AddOrder { stock_locate, tracking_number, timestamp_ns, .. } = message;
        let AddOrder { order_ref, side, shares, stock, price_e4, .. } = message;
        let attributed = AddOrderMpid {
            stock_locate,
            tracking_number,
            timestamp_ns,
            order_ref,
            side,
            shares,
            stock,
            price_e4,
            attribution,
        };
        wires.publish(&attributed.encode());
    }

    /// A displayed order traded at its own price.
    #[inline]
    pub fn executed(
        &self,
        instrument: InstrumentId,
        order_id: u64,
        qty: Lots,
        match_id: u64,
        wires: &mut impl Wires,
    ) {
        let message = OrderExecuted {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: order_id,
            executed_shares: qty as u32,
            match_number: match_id,
        };
        wires.publish(&message.encode());
    }

    /// A displayed order traded in an auction; the volume is counted in the auction's print.
    pub fn executed_in_auction(
        &self,
        order: &Shown,
        match_id: u64,
        price: Ticks,
        wires: &mut impl Wires,
    ) {
        let message = OrderExecutedWithPrice {
            stock_locate: order.instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: order.order_id,
            executed_shares: order.qty as u32,
            match_number: match_id,
            printable: b'N',
            execution_price_e4: wire_price(price),
        };
        wires.publish(&message.encode());
    }

    /// Hidden interest traded.
    pub fn trade(
        &self,
        instrument: InstrumentId,
        qty: Lots,
        price: Ticks,
        match_id: u64,
        wires: &mut impl Wires,
    ) {
        let message = Trade {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: 0,
            side: b'B',
            shares: qty as u32,
            stock: self.symbol(instrument),
            price_e4: wire_price(price),
            match_number: match_id,
        };
        wires.publish(&message.encode());
    }

    /// A displayed order shrank by `qty` and lives on.
    #[inline]
    pub fn reduced(
        &self,
        instrument: InstrumentId,
        order_id: u64,
        qty: Lots,
        wires: &mut impl Wires,
    ) {
        let message = OrderCancel {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: order_id,
            canceled_shares: qty as u32,
        };
        wires.publish(&message.encode());
    }

    /// A displayed order left the book untraded.
    #[inline]
    pub fn deleted(&self, instrument: InstrumentId, order_id: u64, wires: &mut impl Wires) {
        let message = OrderDelete {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: order_id,
        };
        wires.publish(&message.encode());
    }

    /// A displayed order was replaced by another of the same side and instrument.
    #[inline]
    pub fn replaced(&self, old_order_id: u64, order: &Shown, wires: &mut impl Wires) {
        let message = OrderReplace {
            stock_locate: order.instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            order_ref: old_order_id,
            new_order_ref: order.order_id,
            shares: order.qty as u32,
            price_e4: wire_price(order.price),
        };
        wires.publish(&message.encode());
    }

    /// The print of an auction.
    pub fn cross(
        &self,
        instrument: InstrumentId,
        qty: Lots,
        price: Ticks,
        match_id: u64,
        phase: Phase,
        wires: &mut impl Wires,
    ) {
        let message = CrossTrade {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            shares: qty,
            stock: self.symbol(instrument),
            cross_price_e4: wire_price(price),
            match_number: match_id,
            cross_type: cross_letter(phase),
        };
        wires.publish(&message.encode());
    }

    /// A trade was broken.
    pub fn broken(&self, instrument: InstrumentId, match_id: u64, wires: &mut impl Wires) {
        let message = BrokenTrade {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            match_number: match_id,
        };
        wires.publish(&message.encode());
    }

    /// Where an auction would end now.
    pub fn imbalance(&self, instrument: InstrumentId, auction: &Imbalance, wires: &mut impl Wires) {
        let imbalance_direction = match auction.side {
            Some(side) => side_letter(side),
            None if auction.paired == 0 => b'O',
            None => b'N',
        };
        let message = NetOrderImbalance {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            paired_shares: auction.paired,
            imbalance_shares: auction.imbalance,
            imbalance_direction,
            stock: self.symbol(instrument),
            far_price_e4: wire_price(auction.far),
            near_price_e4: wire_price(auction.price),
            reference_price_e4: wire_price(auction.reference),
            cross_type: cross_letter(auction.phase),
            price_variation: price_variation(auction.price, auction.reference),
        };
        wires.publish(&message.encode());
    }

    /// Where a volatility auction may end.
    pub fn auction_collar(
        &self,
        instrument: InstrumentId,
        reference: Ticks,
        lower: Ticks,
        upper: Ticks,
        wires: &mut impl Wires,
    ) {
        let message = LuldAuctionCollar {
            stock_locate: instrument as u16,
            tracking_number: 0,
            timestamp_ns: self.now,
            stock: self.symbol(instrument),
            reference_price_e4: wire_price(reference),
            upper_price_e4: wire_price(upper),
            lower_price_e4: wire_price(lower),
            extension_count: 0,
        };
        wires.publish(&message.encode());
    }
}

/// Nanoseconds since midnight, as the wires carry them: 0 before it, and at most what 48 bits hold.
#[must_use]
pub fn wire_time(ts_ns: TsNs, midnight_ns: TsNs) -> u64 {
    let since = ts_ns.saturating_sub(midnight_ns);
    u64::try_from(since).unwrap_or(0).min((1 << 48) - 1)
}

/// A price as the wire has it; the node refuses those that it cannot hold.
fn wire_price(price: Ticks) -> u32 {
    u32::try_from(price).unwrap_or(0)
}

const fn side_letter(side: Side) -> u8 {
    match side {
        Side::Buy => b'B',
        Side::Sell => b'S',
    }
}

const fn cross_letter(phase: Phase) -> u8 {
    match phase {
        Phase::ClosingAuction => b'C',
        Phase::VolatilityAuction => b'H',
        _ => b'O',
    }
}

/// How far the near price is from the reference. Source: ITCH 5.0, Net Order Imbalance Indicator.
fn price_variation(near: Ticks, reference: Ticks) -> u8 {
    if near == 0 || reference <= 0 {
        return b' ';
    }
    match near.abs_diff(reference).saturating_mul(100) / reference.unsigned_abs() {
        0 => b'L',
        percent @ 1..=9 => b'0' + percent as u8,
        10..=19 => b'A',
        20..=29 => b'B',
        _ => b'C',
    }
}

#[cfg(test)]
mod tests;
