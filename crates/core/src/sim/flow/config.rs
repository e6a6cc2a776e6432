// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a synthetic flow is made to: how much of what, over how many symbols.

use crate::types::TsNs;

/// Shares of the messages of continuous trading, in 1/1000; they add up to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// New orders.
    pub add: u16,
    /// Deletions.
    pub delete: u16,
    /// Replacements.
    pub replace: u16,
    /// Executions of the first order at a touch.
    pub execute: u16,
    /// Partial cancels.
    pub cancel: u16,
    /// Hidden trades.
    pub trade: u16,
    /// Executions that take the whole order, in 1/1000 of executions.
    pub whole: u16,
}

/// A synthetic flow. Two of equal values give the same bytes on any machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowConfig {
    /// Determines everything random.
    pub seed: u64,
    /// Symbols, 1 to [`Self::SYMBOLS_MAX`].
    pub symbols: u16,
    /// Messages in all, at least [`Self::messages_min`].
    pub messages: u64,
    /// Live orders, over all symbols, that the flow starts from and hovers around.
    pub live_orders: u32,
    /// Shares of the messages.
    pub mix: Mix,
    /// How far a symbol's fair value moves at most with one message, in 1/256 cent.
    pub volatility: u16,
    /// Whether the lower symbols are more active; else all are alike.
    pub skewed: bool,
    /// Midnight of the day, New York.
    pub midnight_ns: TsNs,
}

/// Why a [`FlowConfig`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlowConfigError {
    /// Symbols outside their range.
    Symbols {
        /// What was asked for.
        found: u16,
    },
    /// Too few messages to open and close the day.
    Messages {
        /// What was asked for.
        found: u64,
        /// The least.
        min: u64,
    },
    /// Live orders outside 4 to 2048 per symbol.
    LiveOrders {
        /// What was asked for.
        found: u32,
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// The mix does not add up to 1000, or `whole` is above 1000.
    Mix,
    /// Volatility above 2048, eight cents a message.
    Volatility {
        /// What was asked for.
        found: u16,
    },
}

impl FlowConfig {
    /// Most symbols.
    pub const SYMBOLS_MAX: u16 = 8192;
    /// Messages that open and close the day, less two for each symbol.
    const SESSION_MESSAGES: u64 = 6;
    /// Midnight of 2026-01-05 in New York, a Monday, in UTC.
    pub const MIDNIGHT_NS: TsNs = 1_767_589_200_000_000_000;

    /// The flow of `onetape run` when it is given no data: eight symbols, a million messages.
    #[must_use]
    pub const fn demo(seed: u64) -> Self {
        Self {
            seed,
            symbols: 8,
            messages: 1_000_000,
            live_orders: 1_200,
            mix: Mix {
                add: 420,
                delete: 350,
                replace: 80,
                execute: 90,
                cancel: 40,
                trade: 20,
                whole: 770,
            },
            volatility: 96,
            skewed: true,
            midnight_ns: Self::MIDNIGHT_NS,
        }
    }

    /// The flow of the decode and book benchmarks: 500 symbols, 187,000 live orders; 45 % adds,
    /// 43 % deletes, 6 % replaces, 6 % executions and cancels.
    #[must_use]
    pub const fn benchmark(seed: u64) -> Self {
        Self {
            seed,
            symbols: 500,
            messages: 5_000_000,
            live_orders: 187_000,
            mix: Mix {
                add: 450,
                delete: 430,
                replace: 60,
                execute: 30,
                cancel: 30,
                trade: 0,
                whole: 667,
            },
            volatility: 48,
            skewed: false,
            midnight_ns: Self::MIDNIGHT_NS,
        }
    }

    /// Fewest messages: those that open and close the day.
    #[must_use]
    pub fn messages_min(&self) -> u64 {
        Self::SESSION_MESSAGES + 2 * u64::from(self.symbols)
    }

    /// Orders that rest before the market opens: the live orders, or what the messages allow.
    #[must_use]
    pub fn opening_orders(&self) -> u64 {
        u64::from(self.live_orders).min(self.messages.saturating_sub(self.messages_min()))
    }

    /// Checks every value.
    ///
    /// # Errors
    /// [`FlowConfigError`] for the first that is out of range.
    pub fn check(&self) -> Result<(), FlowConfigError> {
        if !(1..=Self::SYMBOLS_MAX).contains(&self.symbols) {
            return Err(FlowConfigError::Symbols { found: self.symbols });
        }
        let min = self.messages_min();
        if self.messages < min {
            return Err(FlowConfigError::Messages { found: self.messages, min });
        }
        let (min, max) = (u32::from(self.symbols) * 4, u32::from(self.symbols) * 2048);
        if !(min..=max).contains(&self.live_orders) {
            return Err(FlowConfigError::LiveOrders { found: self.live_orders, min, max });
        }
        let mix = &self.mix;
        let parts = [mix.add, mix.delete, mix.replace, mix.execute, mix.cancel, mix.trade];
        if parts.into_iter().map(u32::from).sum::<u32>() != 1000 || mix.whole > 1000 {
            return Err(FlowConfigError::Mix);
        }
        if self.volatility > 2048 {
            return Err(FlowConfigError::Volatility { found: self.volatility });
        }
        Ok(())
    }
}
