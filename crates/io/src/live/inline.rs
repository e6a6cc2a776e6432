// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Compiled strategies on the engine's own thread: called as soon as the node has acted on an entry,
//! and what they ask for is journaled and acted on at once.

use onetape_core::component::{Outbox, sources};
use onetape_core::events::{
    StopReason, StrategyParameterDeclared, StrategyStarted, StrategyStopped, TimerFired,
};
use onetape_core::trading::{Callback, InlineStrategy, OrderTable, StrategyFault, StrategyHost};
use onetape_core::types::{Instrument, TsNs};

use super::audience::Audience;
use super::config::StrategyConfig;
use super::engine::{Input, Path};
use super::parameters::change_of;
use crate::exchange::ServerError;

/// A strategy on the engine's thread.
pub(super) struct Inline {
    audience: Audience,
    strategy: Box<dyn InlineStrategy + Send>,
    host: StrategyHost,
    name: String,
    code_hash: u64,
    is_running: bool,
}

impl Inline {
    pub(super) fn new(
        config: &StrategyConfig,
        strategy: Box<dyn InlineStrategy + Send>,
        instruments_max: u32,
    ) -> Self {
        Self {
            audience: Audience::new(config.id, instruments_max, config.symbols.clone()),
            strategy,
            host: StrategyHost::new(config.id, instruments_max),
            name: config.name.clone(),
            code_hash: config.code_hash,
            is_running: false,
        }
    }

    /// Whose it is.
    pub(super) const fn id(&self) -> u32 {
        self.audience.strategy
    }

    /// Whether it is called.
    pub(super) const fn is_running(&self) -> bool {
        self.is_running
    }
}

/// Room for the body of any intent.
struct Body {
    kind: u16,
    version: u8,
    length: usize,
    bytes: [u8; 256],
}

impl Outbox for Body {
    #[inline]
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        (self.kind, self.version, self.length) = (kind, version, body.len());
        self.bytes[..body.len()].copy_from_slice(body);
    }
}

impl Path {
    /// All strategies of this thread begin, but for those that only a person starts.
    pub(super) fn start_inlines(&mut self, ts_ns: TsNs) -> Result<(), ServerError> {
        if self.inlines.is_empty() {
            return Ok(());
        }
        self.node.listen();
        for at in 0..self.inlines.len() {
            if !self.node.is_held(self.inlines[at].id()) {
                self.start_inline(at, ts_ns)?;
            }
        }
        self.tell_inlines(ts_ns)
    }

    /// A strategy of this thread begins, if it does not run.
    pub(super) fn start_inline(&mut self, at: usize, ts_ns: TsNs) -> Result<(), ServerError> {
        let Self { node, inlines, .. } = self;
        let inline = &mut inlines[at];
        if inline.is_running {
            return Ok(());
        }
        for id in node.instruments().map(Instrument::id).collect::<Vec<_>>() {
            inline.audience.defined(id, node);
        }
        let orders = node.desk().orders(inline.id());
        inline.host.go_on_after(orders.map_or(0, OrderTable::last_client_id));
        let (strategy_id, code_hash) = (inline.id(), inline.code_hash);
        let name = inline.name.clone();
        let event = StrategyStarted { strategy_id, reserved: 0, code_hash };
        self.input_one(
            ts_ns,
            &Input {
                kind: StrategyStarted::KIND,
                version: StrategyStarted::VERSION,
                source: sources::CONFIG,
                fixed: &event.encode(),
                tail: name.as_bytes(),
            },
        )?;
        self.declare_inline(at, ts_ns)?;
        let Self { node, inlines, .. } = self;
        let inline = &mut inlines[at];
        inline.is_running = true;
        let done = inline.strategy.start(node, &mut inline.host);
        self.settle(at, done, ts_ns)
    }

    /// A strategy says what of it may be set, and is given what was set before.
    fn declare_inline(&mut self, at: usize, ts_ns: TsNs) -> Result<(), ServerError> {
        for declared in self.inlines[at].strategy.parameters() {
            self.input_one(
                ts_ns,
                &Input {
                    kind: StrategyParameterDeclared::KIND,
                    version: StrategyParameterDeclared::VERSION,
                    source: sources::STRATEGY + declared.strategy_id,
                    fixed: &declared.encode(),
                    tail: &[],
                },
            )?;
            let Self { node, inlines, .. } = self;
            let Some(value) = node.standing(&declared) else { continue };
            let Inline { strategy, host, .. } = &mut inlines[at];
            // No change of its own: it began like this.
            let told = Callback::Parameter(change_of(&declared, value, 0, 0));
            let done = strategy.call(&told, node, host);
            self.settle(at, done, ts_ns)?;
        }
        Ok(())
    }

    /// Tells the strategies of this thread what the node has to tell, until it has no more.
    #[inline]
    pub(super) fn tell_inlines(&mut self, ts_ns: TsNs) -> Result<(), ServerError> {
        while let Some(callback) = self.node.next_callback() {
            for at in 0..self.inlines.len() {
                if !matches!(callback, Callback::Timer(_)) {
                    self.tell(at, &callback, ts_ns)?;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn tell(&mut self, at: usize, callback: &Callback, ts_ns: TsNs) -> Result<(), ServerError> {
        let Self { node, inlines, .. } = self;
        let inline = &mut inlines[at];
        if !inline.is_running || !inline.audience.takes(callback, &mut inline.host) {
            return Ok(());
        }
        let done = inline.strategy.call(callback, node, &mut inline.host);
        self.settle(at, done, ts_ns)
    }

    /// Does what a strategy asked for in a callback, or stops one whose callback failed.
    #[inline]
    fn settle(
        &mut self,
        at: usize,
        done: Result<(), StrategyFault>,
        ts_ns: TsNs,
    ) -> Result<(), ServerError> {
        if let Err(fault) = done {
            let why = match fault {
                StrategyFault::Raised { .. } => "a callback raised: the engine's log says what",
                _ => "it asked for something that it may not",
            };
            let id = self.inlines[at].id();
            self.stop_strategy(id, StopReason::Exception, why, ts_ns)?;
            self.faults.put(id, fault);
            return Ok(());
        }
        while let Some(intent) = self.inlines[at].host.take_intent() {
            let mut body = Body { kind: 0, version: 0, length: 0, bytes: [0; 256] };
            intent.emit(&mut body);
            let source = sources::STRATEGY + self.inlines[at].id();
            let (kind, version, fixed) = (body.kind, body.version, &body.bytes[..body.length]);
            self.input_one(ts_ns, &Input { kind, version, source, fixed, tail: &[] })?;
        }
        Ok(())
    }

    /// Fires the timers that are due.
    #[inline]
    pub(super) fn fire_inline_timers(&mut self, ts_ns: TsNs) -> Result<(), ServerError> {
        for at in 0..self.inlines.len() {
            while let Some((due_ts_ns, timer_id)) = self.inlines[at].host.take_timer(ts_ns) {
                let strategy_id = self.inlines[at].id();
                let event = TimerFired { strategy_id, timer_id, due_ts_ns };
                let input = Input {
                    kind: TimerFired::KIND,
                    version: TimerFired::VERSION,
                    source: sources::CONFIG,
                    fixed: &event.encode(),
                    tail: &[],
                };
                self.input_one(ts_ns, &input)?;
                self.tell(at, &Callback::Timer(timer_id), ts_ns)?;
                self.tell_inlines(ts_ns)?;
            }
        }
        Ok(())
    }

    /// A strategy, of this thread or not, is called no more; its orders are cancelled.
    #[cold]
    pub(super) fn stop_strategy(
        &mut self,
        strategy_id: u32,
        reason: StopReason,
        why: &str,
        ts_ns: TsNs,
    ) -> Result<(), ServerError> {
        if let Some(inline) = self.inlines.iter_mut().find(|inline| inline.id() == strategy_id) {
            inline.is_running = false;
            inline.host.clear();
        }
        let event = StrategyStopped { strategy_id, reason: u16::from(reason.raw()), reserved: 0 };
        let input = Input {
            kind: StrategyStopped::KIND,
            version: StrategyStopped::VERSION,
            source: sources::CONFIG,
            fixed: &event.encode(),
            tail: why.as_bytes(),
        };
        self.input_one(ts_ns, &input)
    }
}
