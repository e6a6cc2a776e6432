// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A flow of ITCH messages that can be repeated: it ends with the empty books that it began with.

use onetape_core::hash::mix;
use onetape_core::wire::itch::{
    AddOrder, OrderDelete, OrderExecuted, OrderReplace, StockDirectory, StockTradingAction,
};
use onetape_core::wire::mold::{PacketBuilder, Session};

/// Stocks in the flow.
pub(crate) const STOCKS: u16 = 500;
/// Messages in one packet.
pub(crate) const PACKED: usize = 30;
/// The session of every packet.
pub(crate) const SESSION: Session = *b"BENCHMARK ";
/// Every message's time of the day.
pub(crate) const OF_DAY_NS: u64 = 36_000_000_000_000;

/// A stock's symbol.
pub(crate) fn symbol(locate: u16) -> [u8; 8] {
    let mut out = [b' '; 8];
    let text = format!("S{locate}");
    out[..text.len()].copy_from_slice(text.as_bytes());
    out
}

/// A resting order.
#[derive(Clone, Copy)]
struct Resting {
    order_ref: u64,
    locate: u16,
    side: u8,
    shares: u32,
}

/// The flow as it is made.
struct Flow {
    messages: Vec<Vec<u8>>,
    resting: Vec<Resting>,
    random: u64,
    last_ref: u64,
}

impl Flow {
    fn draw(&mut self, below: u64) -> u64 {
        self.random += 1;
        mix(self.random) % below
    }

    fn price(&mut self, locate: u16, side: u8) -> u32 {
        let middle = 1_000_000 + u32::from(locate) * 100;
        let away = 100 + self.draw(40) as u32 * 100;
        if side == b'B' { middle - away } else { middle + away }
    }

    fn add(&mut self) {
        let locate = 1 + self.draw(u64::from(STOCKS)) as u16;
        let side = if self.draw(2) == 0 { b'B' } else { b'S' };
        let shares = 100 + self.draw(9) as u32 * 100;
        self.last_ref += 1;
        let order = Resting { order_ref: self.last_ref, locate, side, shares };
        let message = AddOrder {
            stock_locate: locate,
            tracking_number: 0,
            timestamp_ns: OF_DAY_NS,
            order_ref: order.order_ref,
            side,
            shares,
            stock: symbol(locate),
            price_e4: self.price(locate, side),
        };
        self.messages.push(message.encode().to_vec());
        self.resting.push(order);
    }

    fn delete(&mut self, at: usize) {
        let order = self.resting.swap_remove(at);
        let message = OrderDelete {
            stock_locate: order.locate,
            tracking_number: 0,
            timestamp_ns: OF_DAY_NS,
            order_ref: order.order_ref,
        };
        self.messages.push(message.encode().to_vec());
    }

    fn change(&mut self, at: usize) {
        let order = self.resting[at];
        if order.shares > 100 && self.draw(2) == 0 {
            self.resting[at].shares -= 100;
            let message = OrderExecuted {
                stock_locate: order.locate,
                tracking_number: 0,
                timestamp_ns: OF_DAY_NS,
                order_ref: order.order_ref,
                executed_shares: 100,
                match_number: self.last_ref,
            };
            self.messages.push(message.encode().to_vec());
            return;
        }
        self.last_ref += 1;
        self.resting[at].order_ref = self.last_ref;
        let message = OrderReplace {
            stock_locate: order.locate,
            tracking_number: 0,
            timestamp_ns: OF_DAY_NS,
            order_ref: order.order_ref,
            new_order_ref: self.last_ref,
            shares: order.shares,
            price_e4: self.price(order.locate, order.side),
        };
        self.messages.push(message.encode().to_vec());
    }
}

/// What the day begins with: every stock, and that it trades.
pub(crate) fn opening() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for locate in 1..=STOCKS {
        let mut directory = vec![b' '; 39];
        directory[0] = StockDirectory::TYPE;
        directory[1..3].copy_from_slice(&locate.to_be_bytes());
        directory[3..11].fill(0);
        directory[11..19].copy_from_slice(&symbol(locate));
        all.push(directory);
        let mut status = vec![b' '; 25];
        status[0] = StockTradingAction::TYPE;
        status[1..3].copy_from_slice(&locate.to_be_bytes());
        status[3..5].fill(0);
        status[5..11].copy_from_slice(&OF_DAY_NS.to_be_bytes()[2..]);
        status[11..19].copy_from_slice(&symbol(locate));
        status[19] = b'T';
        all.push(status);
    }
    all
}

/// So many messages, a multiple of [`PACKED`]: 45 % adds, as many deletions, the rest replacements
/// and executions; up to 20,000 orders rest.
pub(crate) fn cycle(messages: usize) -> Vec<Vec<u8>> {
    assert!(messages.is_multiple_of(PACKED), "whole packets");
    let (resting, all) = (Vec::new(), Vec::with_capacity(messages));
    let mut flow = Flow { messages: all, resting, random: 20_261_121, last_ref: 0 };
    while flow.messages.len() + flow.resting.len() < messages {
        let at = flow.draw(flow.resting.len().max(1) as u64) as usize;
        let is_last = flow.messages.len() + flow.resting.len() + 1 == messages;
        match flow.draw(100) {
            0..90 if !is_last && (flow.resting.len() < 10_000 || flow.draw(2) == 0) => {
                if flow.resting.len() < 20_000 { flow.add() } else { flow.delete(at) }
            }
            _ if flow.resting.is_empty() => flow.add(),
            0..90 if !is_last => flow.delete(at),
            _ => flow.change(at),
        }
    }
    while !flow.resting.is_empty() {
        flow.delete(0);
    }
    flow.messages.truncate(messages);
    flow.messages
}

/// Packets of a stream that begins at `first`, so many messages in each.
pub(crate) fn packets(messages: &[Vec<u8>], first: u64) -> Vec<Vec<u8>> {
    let mut builder = PacketBuilder::new(SESSION, first, 1_472);
    let pack = |group: &[Vec<u8>]| {
        for message in group {
            builder.push(message).expect("thirty messages fit a packet");
        }
        let packet = builder.packet().to_vec();
        builder.advance();
        packet
    };
    messages.chunks(PACKED).map(pack).collect()
}
