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
mod trading;

pub use config::{FlowConfig, FlowConfigError, Mix};

use super::random::Random;
use super::source::{MarketSource, Progress, SourceError, SourceItem, packet_header};
use crate::events::{PacketFormat, PacketReceived};
use crate::types::{SECOND_NS, Side, TsNs};
use crate::wire::itch::{StockDirectory, StockTradingAction, SystemEvent, Trade};
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
