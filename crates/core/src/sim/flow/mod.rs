// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A seeded synthetic order flow: a whole Nasdaq day of valid ITCH 5.0, made up.
//!
//! Each symbol has a fair value that walks at random; orders gather around it, those left on its
//! wrong side are executed or deleted. Every reference is live when it is named, executions hit the
//! first order of a touch, and no message crosses a book. Integers only: a seed and a configuration
//! give the same bytes on any machine. It is a market to try things on, not a model of a real one.

mod config;
mod market;
#[cfg(test)]
mod tests;

pub use config::{FlowConfig, FlowConfigError, Mix};

use super::random::Random;
use super::source::{MarketSource, Progress, SourceError, SourceItem, packet_header};
use crate::events::{PacketFormat, PacketReceived};
use crate::types::{SECOND_NS, Side, TsNs};
use crate::wire::itch::{
    AddOrder, OrderCancel, OrderDelete, OrderExecuted, OrderReplace, StockDirectory,
    StockTradingAction, SystemEvent, Trade,
};
use market::Market;

/// Longest message made here.
const MESSAGE_BYTES_MAX: usize = Trade::LENGTH;
/// 1/256 levels: how finely a fair value moves.
const FAIR_SHIFT: u32 = 8;
/// Where fair values stay, in levels. With distances below 130 no order leaves the levels.
const FAIR_LOWEST: u16 = 256;
const FAIR_HIGHEST: u16 = 768;
const DISTANCE_MAX: u16 = 129;
/// Price of a level above the one below, in 1/10,000 dollar.
const LEVEL_E4: u32 = 100;

const MESSAGES_START_NS: u64 = 3 * 3600 * 1_000_000_000;
const SYSTEM_START_NS: u64 = 4 * 3600 * 1_000_000_000;
const ORDERS_START_NS: u64 = 565 * 60 * 1_000_000_000;
const MARKET_OPEN_NS: u64 = 570 * 60 * 1_000_000_000;
const MARKET_CLOSE_NS: u64 = 16 * 3600 * 1_000_000_000;
const SYSTEM_END_NS: u64 = 20 * 3600 * 1_000_000_000;
const MESSAGES_END_NS: u64 = SYSTEM_END_NS + 300 * SECOND_NS.unsigned_abs();

/// How many levels behind the touch a near order rests: each entry is as likely.
const DISTANCES: [u8; 32] = [
    0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10,
    12,
];

/// What a message of continuous trading does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Add,
    Delete,
    Replace,
    Execute,
    Cancel,
    Trade,
}

/// What is the same all day for a symbol, and where its fair value is.
#[derive(Clone, Copy, Debug)]
struct Symbol {
    stock: [u8; 8],
    /// Price of level 0.
    base_e4: u32,
    /// In 1/256 levels.
    fair: u32,
}

/// The flow, as a source of one ITCH message per item.
#[derive(Debug)]
pub struct SyntheticSource {
    config: FlowConfig,
    random: Random,
    market: Market,
    symbols: Vec<Symbol>,
    /// Live orders that each symbol hovers around.
    live_target: u32,
    gap_ns: u64,
    reference: u64,
    match_number: u64,
    given: u64,
    given_bytes: u64,
    /// Since midnight.
    now_ns: u64,
    header: [u8; PacketReceived::SIZE],
    message: [u8; MESSAGE_BYTES_MAX],
    message_bytes: usize,
}

impl SyntheticSource {
    /// The flow that `config` describes.
    ///
    /// # Errors
    /// [`FlowConfigError`] when a value is out of range.
    pub fn new(config: FlowConfig) -> Result<Self, FlowConfigError> {
        config.check()?;
        let mut random = Random::new(config.seed);
        let symbols = (0..config.symbols).map(|index| Symbol::new(index, &mut random)).collect();
        let live_target = config.live_orders / u32::from(config.symbols);
        let trading = config.messages - config.messages_min() - config.opening_orders();
        let day_ns = MARKET_CLOSE_NS - MARKET_OPEN_NS;
        Ok(Self {
            config,
            random,
            market: Market::new(config.symbols, live_target + live_target / 4 + 8),
            symbols,
            live_target,
            gap_ns: (day_ns - day_ns / 50) / trading.max(1),
            reference: 0,
            match_number: 0,
            given: 0,
            given_bytes: 0,
            now_ns: MESSAGES_START_NS,
            header: packet_header(0, PacketFormat::Itch50),
            message: [0; MESSAGE_BYTES_MAX],
            message_bytes: 0,
        })
    }

    /// Live orders at this moment.
    #[must_use]
    pub fn live_orders(&self) -> u64 {
        (0..self.config.symbols).map(|symbol| u64::from(self.market.live_count(symbol))).sum()
    }

    fn put(&mut self, message: &[u8]) {
        self.message[..message.len()].copy_from_slice(message);
        self.message_bytes = message.len();
        self.given_bytes += message.len() as u64;
    }

    /// Makes the `index`-th message of the day.
    fn make(&mut self, index: u64) {
        let symbols = u64::from(self.config.symbols);
        let opening_start = 2 * symbols + 2;
        let opening_end = opening_start + self.config.opening_orders();
        let left = self.config.messages - 1 - index;
        match index {
            0 => self.system_event(MESSAGES_START_NS, b'O'),
            _ if left < 3 => match left {
                0 => self.system_event(MESSAGES_END_NS, b'C'),
                1 => self.system_event(SYSTEM_END_NS, b'E'),
                _ => self.system_event(MARKET_CLOSE_NS, b'M'),
            },
            _ if index <= symbols => self.directory((index - 1) as u16),
            _ if index <= 2 * symbols => self.trading_action((index - 1 - symbols) as u16),
            _ if index < opening_start => self.system_event(SYSTEM_START_NS, b'S'),
            _ if index < opening_end => self.opening_order(index - opening_start),
            _ if index == opening_end => self.system_event(MARKET_OPEN_NS, b'Q'),
            _ => self.trade_on(),
        }
    }

    fn system_event(&mut self, now_ns: u64, event_code: u8) {
        self.now_ns = now_ns;
        let timestamp_ns = now_ns;
        self.put(
            &SystemEvent { stock_locate: 0, tracking_number: 0, timestamp_ns, event_code }.encode(),
        );
    }

    fn directory(&mut self, symbol: u16) {
        self.now_ns += 1_000;
        let message = StockDirectory {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            stock: self.symbols[usize::from(symbol)].stock,
            market_category: b'Q',
            financial_status: b'N',
            round_lot_size: 100,
            round_lots_only: b'N',
            issue_classification: b'C',
            issue_sub_type: *b"Z ",
            authenticity: b'T',
            short_sale_threshold: b'N',
            ipo_flag: b'N',
            luld_reference_price_tier: b'1',
            etp_flag: b'N',
            etp_leverage_factor: 0,
            inverse_indicator: b'N',
        };
        self.put(&message.encode());
    }

    fn trading_action(&mut self, symbol: u16) {
        self.now_ns += 1_000;
        let message = StockTradingAction {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            stock: self.symbols[usize::from(symbol)].stock,
            trading_state: b'T',
            reserved: b' ',
            reason: *b"    ",
        };
        self.put(&message.encode());
    }

    /// An order that rests before the market opens: symbols in turn, sides in turn.
    fn opening_order(&mut self, index: u64) {
        let opening_ns = u128::from(MARKET_OPEN_NS - ORDERS_START_NS);
        let share = opening_ns * u128::from(index) / u128::from(self.config.opening_orders());
        self.now_ns = ORDERS_START_NS + share as u64;
        let symbols = u64::from(self.config.symbols);
        let side = if (index / symbols).is_multiple_of(2) { Side::Buy } else { Side::Sell };
        self.add((index % symbols) as u16, side);
    }

    /// One message of continuous trading.
    fn trade_on(&mut self) {
        // Three in four follow close on another; the rest take up the time.
        let mean_ns =
            if self.random.bits().is_multiple_of(4) { self.gap_ns * 4 } else { self.gap_ns / 64 };
        let gap_ns = self.random.waiting(mean_ns);
        self.now_ns = (self.now_ns + gap_ns).min(MARKET_CLOSE_NS - 1);
        let symbol = self.pick_symbol();
        self.drift(symbol);
        match self.pick_action(symbol) {
            Action::Add => {
                let side = self.pick_side();
                self.add(symbol, side);
            }
            Action::Delete => self.delete(symbol),
            Action::Replace => self.replace(symbol),
            Action::Execute => self.execute(symbol),
            Action::Cancel => self.cancel(symbol),
            Action::Trade => self.hidden_trade(symbol),
        }
    }

    fn pick_symbol(&mut self) -> u16 {
        let symbols = u32::from(self.config.symbols);
        let pick = self.random.below(symbols);
        let skewed = if self.config.skewed { pick.min(self.random.below(symbols)) } else { pick };
        skewed as u16
    }

    fn pick_side(&mut self) -> Side {
        if self.random.bits() >> 63 == 0 { Side::Buy } else { Side::Sell }
    }

    /// Draws from the mix; a symbol far from its number of live orders is led back to it.
    fn pick_action(&mut self, symbol: u16) -> Action {
        let mix = self.config.mix;
        let mut draw = self.random.below(1000);
        let mut drawn = Action::Add;
        for (action, share) in [
            (Action::Add, mix.add),
            (Action::Delete, mix.delete),
            (Action::Replace, mix.replace),
            (Action::Execute, mix.execute),
            (Action::Cancel, mix.cancel),
            (Action::Trade, mix.trade),
        ] {
            drawn = action;
            match draw.checked_sub(u32::from(share)) {
                Some(rest) => draw = rest,
                None => break,
            }
        }
        let live = self.market.live_count(symbol);
        match drawn {
            Action::Add if live > self.live_target + self.live_target / 4 => Action::Delete,
            Action::Delete | Action::Execute if live < self.live_target - self.live_target / 4 => {
                Action::Add
            }
            _ if live == 0 => Action::Add,
            action => action,
        }
    }

    /// Moves a symbol's fair value by one step of its walk.
    fn drift(&mut self, symbol: u16) {
        let volatility = u32::from(self.config.volatility);
        let step = self.random.below(2 * volatility + 1);
        let fair = &mut self.symbols[usize::from(symbol)].fair;
        let lowest = u32::from(FAIR_LOWEST) << FAIR_SHIFT;
        let highest = u32::from(FAIR_HIGHEST) << FAIR_SHIFT;
        *fair = (*fair + step - volatility).clamp(lowest, highest);
    }

    fn fair_level(&self, symbol: u16) -> u16 {
        (self.symbols[usize::from(symbol)].fair >> FAIR_SHIFT) as u16
    }

    fn price_e4(&self, symbol: u16, level: u16) -> u32 {
        self.symbols[usize::from(symbol)].base_e4 + u32::from(level) * LEVEL_E4
    }

    /// `level`, or the nearest to it where an order of `side` crosses nothing and stays in range.
    fn uncrossed(&self, symbol: u16, side: Side, level: u16) -> u16 {
        let opposite = self.market.best(symbol, side.opposite());
        match side {
            Side::Buy => {
                let level = level.clamp(FAIR_LOWEST - DISTANCE_MAX, FAIR_HIGHEST);
                opposite.map_or(level, |ask| level.min(ask - 1))
            }
            Side::Sell => {
                let level = level.clamp(FAIR_LOWEST + 1, FAIR_HIGHEST + 1 + DISTANCE_MAX);
                opposite.map_or(level, |bid| level.max(bid + 1))
            }
        }
    }

    /// A level for a new order: most near the touch or the fair value, some far behind.
    fn pick_level(&mut self, symbol: u16, side: Side) -> u16 {
        let bits = self.random.bits();
        let distance = if bits >> 60 == 0 {
            10 + (bits % u64::from(DISTANCE_MAX - 9)) as u16
        } else {
            u16::from(DISTANCES[(bits % 32) as usize])
        };
        let fair = self.fair_level(symbol);
        match side {
            Side::Buy => self.uncrossed(symbol, side, fair) - distance,
            Side::Sell => self.uncrossed(symbol, side, fair + 1) + distance,
        }
    }

    /// Round lots mostly, small ones more often.
    fn pick_qty(&mut self) -> u32 {
        let bits = self.random.bits();
        if bits >> 61 == 0 {
            1 + (bits % 99) as u32
        } else {
            100 * (1 + (bits | 0x80).trailing_zeros())
        }
    }

    fn next_reference(&mut self) -> u64 {
        self.reference += 1;
        self.reference
    }

    fn next_match(&mut self) -> u64 {
        self.match_number += 1;
        self.match_number
    }

    fn add(&mut self, symbol: u16, side: Side) {
        let level = self.pick_level(symbol, side);
        let shares = self.pick_qty();
        let order_ref = self.next_reference();
        self.market.add(symbol, side, level, order_ref, shares);
        let message = AddOrder {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            order_ref,
            side: if side == Side::Buy { b'B' } else { b'S' },
            shares,
            stock: self.symbols[usize::from(symbol)].stock,
            price_e4: self.price_e4(symbol, level),
        };
        self.put(&message.encode());
    }

    /// The side whose touch the fair value has passed, if any.
    fn stale_side(&self, symbol: u16) -> Option<(Side, u16)> {
        let fair = self.fair_level(symbol);
        if let Some(ask) = self.market.best(symbol, Side::Sell)
            && ask <= fair
        {
            return Some((Side::Sell, ask));
        }
        let bid = self.market.best(symbol, Side::Buy)?;
        (bid > fair).then_some((Side::Buy, bid))
    }

    /// A live order: any of the symbol's, each as likely.
    fn pick_order(&mut self, symbol: u16) -> u32 {
        let index = self.random.below(self.market.live_count(symbol));
        self.market.live_at(symbol, index)
    }

    fn delete(&mut self, symbol: u16) {
        let handle = match self.stale_side(symbol) {
            Some((_, level)) if !self.random.bits().is_multiple_of(4) => {
                self.market.back(symbol, level)
            }
            _ => self.pick_order(symbol),
        };
        let order_ref = self.market.order(handle).reference;
        self.market.remove(handle);
        let message = OrderDelete {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            order_ref,
        };
        self.put(&message.encode());
    }

    fn replace(&mut self, symbol: u16) {
        let handle = self.pick_order(symbol);
        let old = *self.market.order(handle);
        self.market.remove(handle);
        let bits = self.random.bits();
        let level = if bits >> 63 == 0 {
            self.pick_level(symbol, old.side)
        } else {
            self.uncrossed(symbol, old.side, old.level + (bits % 5) as u16 - 2)
        };
        let shares = self.pick_qty();
        let new_order_ref = self.next_reference();
        self.market.add(symbol, old.side, level, new_order_ref, shares);
        let message = OrderReplace {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            order_ref: old.reference,
            new_order_ref,
            shares,
            price_e4: self.price_e4(symbol, level),
        };
        self.put(&message.encode());
    }

    /// The first order of a touch trades: of the stale side if there is one.
    fn execute(&mut self, symbol: u16) {
        let side = match self.stale_side(symbol) {
            Some((side, _)) => side,
            None => self.pick_side(),
        };
        let Some(level) = self.market.best(symbol, side) else {
            return self.add(symbol, side);
        };
        let handle = self.market.front(symbol, level);
        let order = *self.market.order(handle);
        let is_whole = order.qty == 1 || self.random.below(1000) < u32::from(self.config.mix.whole);
        let executed_shares =
            if is_whole { order.qty } else { 1 + self.random.below(order.qty - 1) };
        self.market.reduce(handle, executed_shares);
        let message = OrderExecuted {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            order_ref: order.reference,
            executed_shares,
            match_number: self.next_match(),
        };
        self.put(&message.encode());
    }

    /// Part of an order is cancelled; an order of one share is deleted instead.
    fn cancel(&mut self, symbol: u16) {
        let handle = self.pick_order(symbol);
        let order = *self.market.order(handle);
        if order.qty == 1 {
            return self.delete(symbol);
        }
        let canceled_shares = 1 + self.random.below(order.qty - 1);
        self.market.reduce(handle, canceled_shares);
        let message = OrderCancel {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            order_ref: order.reference,
            canceled_shares,
        };
        self.put(&message.encode());
    }

    /// Hidden interest trades halfway between the touches, or at the fair value without them.
    fn hidden_trade(&mut self, symbol: u16) {
        let bid = self.market.best(symbol, Side::Buy);
        let ask = self.market.best(symbol, Side::Sell);
        let fair = self.fair_level(symbol);
        let twice_level = bid.unwrap_or(fair) + ask.unwrap_or(fair);
        let base_e4 = self.symbols[usize::from(symbol)].base_e4;
        let message = Trade {
            stock_locate: symbol + 1,
            tracking_number: 0,
            timestamp_ns: self.now_ns,
            order_ref: 0,
            side: b'B',
            shares: self.pick_qty(),
            stock: self.symbols[usize::from(symbol)].stock,
            price_e4: base_e4 + u32::from(twice_level) * (LEVEL_E4 / 2),
            match_number: self.next_match(),
        };
        self.put(&message.encode());
    }
}

impl MarketSource for SyntheticSource {
    #[inline]
    fn next(&mut self) -> Result<Option<SourceItem<'_>>, SourceError> {
        if self.given == self.config.messages {
            return Ok(None);
        }
        self.make(self.given);
        self.given += 1;
        Ok(Some(SourceItem {
            ts_ns: self.config.midnight_ns + self.now_ns.cast_signed(),
            kind: PacketReceived::KIND,
            version: PacketReceived::VERSION,
            fixed: &self.header,
            tail: &self.message[..self.message_bytes],
        }))
    }

    fn progress(&self) -> Progress {
        // The length is known in messages, not in bytes: what is left counts as what was.
        let total = u128::from(self.given_bytes) * u128::from(self.config.messages)
            / u128::from(self.given.max(1));
        Progress { bytes_done: self.given_bytes, bytes_total: Some(total as u64) }
    }

    fn midnight_ns(&self) -> Option<TsNs> {
        Some(self.config.midnight_ns)
    }
}

impl Symbol {
    /// A symbol named SYN and its number from 1, worth 20 to 300 dollars.
    fn new(index: u16, random: &mut Random) -> Self {
        let mut stock = *b"SYN     ";
        let mut rest = index + 1;
        let digits = rest.ilog10() as usize + 1;
        for place in (0..digits).rev() {
            stock[3 + place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let fair_level = u32::midpoint(u32::from(FAIR_LOWEST), u32::from(FAIR_HIGHEST));
        let base_e4 = (2_000 + random.below(28_000) - fair_level) * LEVEL_E4;
        Self { stock, base_e4, fair: fair_level << FAIR_SHIFT }
    }
}
