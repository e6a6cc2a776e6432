// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Reading ahead: what the commands that already wait will touch, read now, all at once, so that the
//! memory's delays overlap. Changes nothing and decides nothing; worth it where the resting orders
//! do not fit the processor's nearest caches.

use super::{Command, Matcher, Policy};

const WARM_MAX: usize = 16;

impl<P: Policy> Matcher<P> {
    /// Most commands that [`Self::warm`] looks at.
    pub const WARM_MAX: usize = WARM_MAX;

    /// Reads what the first [`Self::WARM_MAX`] of these commands will touch. Call it with the commands
    /// that one poll of a gateway gave, before applying them one by one.
    #[inline]
    pub fn warm(&self, commands: &[Command]) {
        let commands = &commands[..commands.len().min(Self::WARM_MAX)];
        let mut sum = 0;
        for command in commands {
            sum ^= self.books.touch(order_of(command) | Self::OWN_BIT);
        }
        std::hint::black_box(sum);
        let mut levels = [0; WARM_MAX];
        let mut sum = 0;
        for (command, level) in commands.iter().zip(&mut levels) {
            let (index, rests_at) = self.books.order_ahead(order_of(command) | Self::OWN_BIT);
            *level = rests_at;
            sum ^= self.records.get(index).map_or(0, |record| record.client);
        }
        std::hint::black_box(sum);
        let mut sum = 0;
        for (command, &level) in commands.iter().zip(&levels) {
            sum ^= self.books.touch_level(match *command {
                Command::Enter(ref order) => {
                    self.books.level_at_ahead(order.instrument, order.side, order.price)
                }
                Command::Replace { price, .. } => self.books.level_beside_ahead(level, price),
                _ => level,
            });
        }
        std::hint::black_box(sum);
    }
}

/// The order that a command names; 0 for none.
#[inline]
const fn order_of(command: &Command) -> u64 {
    match *command {
        Command::Cancel { order_id, .. }
        | Command::Reduce { order_id, .. }
        | Command::Replace { order_id, .. } => order_id,
        Command::Enter(_) | Command::CancelOwner { .. } | Command::SetStatus { .. } => 0,
    }
}
