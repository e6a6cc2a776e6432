// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Continuous trading in the synthetic flow: which message comes next, and what it does to the book.

use super::SyntheticSource;
use super::{DISTANCE_MAX, FAIR_HIGHEST, FAIR_LOWEST, FAIR_SHIFT, LEVEL_E4, MARKET_CLOSE_NS};
use crate::types::Side;
use crate::wire::itch::{AddOrder, OrderCancel, OrderDelete, OrderExecuted, OrderReplace, Trade};

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

impl SyntheticSource {
    /// One message of continuous trading.
    pub(super) fn trade_on(&mut self) {
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

    pub(super) fn add(&mut self, symbol: u16, side: Side) {
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
