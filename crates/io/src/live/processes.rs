// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine and the processes that hand entries in: strategies and adapters, that come, go, break
//! rules and die.

use onetape_core::component::sources;
use onetape_core::events::{StopReason, StrategyLoaded, StrategyStarted, StrategyStopped};
use onetape_core::journal::Sink;
use onetape_core::live::{Node, owner};
use onetape_core::types::{MILLISECOND_NS, TsNs};
use serde_json::{Value, json};

use super::engine::{Engine, Input};
use crate::exchange::ServerError;
use crate::exchange::server::refusal;
use crate::inlet::{InletReader, Welcome};

/// Records of one inlet in one turn: nobody keeps the others waiting.
const AT_ONCE_MAX: usize = 64;

/// What hands entries in, and how it is.
#[derive(Debug)]
pub(super) struct Inlet {
    reader: InletReader,
    pub(super) source: u32,
    /// For a strategy: its place in the configuration.
    pub(super) strategy: Option<usize>,
    pub(super) is_running: bool,
    alive: u64,
    alive_since_ns: i64,
}

impl Inlet {
    /// How far its process has followed the journal.
    pub(super) fn followed(&self) -> u64 {
        self.reader.followed()
    }
}

impl Engine {
    pub(super) fn open_inlet(
        &mut self,
        source: u32,
        strategy: Option<usize>,
    ) -> Result<(), ServerError> {
        let path = self.config.shared.join(format!("{source:x}.inlet"));
        let reader = InletReader::create(&path, self.config.inlet_bytes, source)
            .map_err(|err| ServerError::io(&path, "create", err))?;
        let alive_since_ns = self.path.now_ns;
        if strategy.is_some() && self.path.node.is_held(source - sources::STRATEGY) {
            reader.welcome(Welcome::Nobody);
        }
        let inlet = Inlet { reader, source, strategy, is_running: false, alive: 0, alive_since_ns };
        match self.inlets.iter_mut().find(|inlet| inlet.source == source) {
            Some(place) => *place = inlet,
            None => self.inlets.push(inlet),
        }
        Ok(())
    }

    pub(super) fn hear_inlets(&mut self, ts_ns: TsNs) -> Result<bool, ServerError> {
        let mut did = false;
        for at in 0..self.inlets.len() {
            if self.inlets[at].is_running && self.inlets[at].reader.has_next() {
                self.hear_inlet(at, ts_ns)?;
                did = true;
            }
        }
        self.path.stopwatch.nothing();
        Ok(did)
    }

    fn hear_inlet(&mut self, at: usize, ts_ns: TsNs) -> Result<(), ServerError> {
        for _ in 0..AT_ONCE_MAX {
            let Self { inlets, path, .. } = self;
            let Inlet { reader, source, strategy, .. } = &mut inlets[at];
            let record = match reader.take() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(()),
                Err(error) => return self.broke(at, &error.to_string()),
            };
            if owner(record.kind, record.body, *source) != Some(*source) {
                let why = format!("it handed in kind {}, which it may not", record.kind);
                return self.broke(at, &why);
            }
            path.stopwatch.answers(record.cause_seq);
            let (kind, version, body) = (record.kind, record.version, record.body);
            let fixed = body.len().min(Node::fixed_bytes(kind));
            let (fixed, tail) = body.split_at(fixed);
            path.input(ts_ns, &Input { kind, version, source: *source, fixed, tail })?;
            if kind == StrategyStopped::KIND
                && let Some(strategy) = *strategy
            {
                return self.open_inlet(
                    sources::STRATEGY + self.config.strategies[strategy].id,
                    Some(strategy),
                );
            }
        }
        Ok(())
    }

    /// A process broke the rules of its inlet: it is heard no more.
    #[cold]
    fn broke(&mut self, at: usize, why: &str) -> Result<(), ServerError> {
        let Inlet { source, strategy, .. } = self.inlets[at];
        if let Some(strategy) = strategy {
            return self.stopped(strategy, StopReason::Crashed, why);
        }
        if source > sources::DROP_COPY {
            self.copy_gone(source - sources::DROP_COPY, source, why)?;
        } else {
            self.adapter_gone(source - sources::VENUE, why)?;
        }
        self.open_inlet(source, None)
    }

    /// Whether the process at an inlet came, lives, and goes on.
    pub(super) fn look_after(&mut self, at: usize) -> Result<(), ServerError> {
        let now_ns = self.path.now_ns;
        let inlet = &mut self.inlets[at];
        let process = inlet.reader.process();
        if process == 0 {
            return Ok(());
        }
        if !inlet.is_running {
            inlet.is_running = true;
            inlet.alive_since_ns = now_ns;
            return match inlet.strategy {
                Some(strategy) => self.started(strategy),
                None => Ok(()),
            };
        }
        if inlet.reader.alive() != inlet.alive {
            inlet.alive = inlet.reader.alive();
            inlet.alive_since_ns = now_ns;
            return Ok(());
        }
        if !is_alive(process) {
            return self.broke(at, "its process ended without a word");
        }
        let Some(strategy) = inlet.strategy else { return Ok(()) };
        let most = self.config.strategies[strategy].silence_ns_max;
        if now_ns - inlet.alive_since_ns > most {
            let why = format!("a callback took longer than {} ms", most / MILLISECOND_NS);
            return self.stopped(strategy, StopReason::TooSlow, &why);
        }
        Ok(())
    }

    /// A strategy's process says which text it is about to run: another than before is journaled.
    pub(super) fn load_strategy(
        &mut self,
        id: u32,
        code_hash: u64,
        text: &str,
    ) -> Result<Value, ServerError> {
        let Some(strategy) = self.config.strategies.iter_mut().find(|known| known.id == id) else {
            return Ok(refusal(
                "the engine was started without this strategy: start the node again, it takes the \
                 new configuration then",
            ));
        };
        if strategy.code_hash != code_hash {
            strategy.code_hash = code_hash;
            let event = StrategyLoaded { code_hash, strategy_id: id, reserved: 0 };
            let input = Input {
                kind: StrategyLoaded::KIND,
                version: StrategyLoaded::VERSION,
                source: sources::CONFIG,
                fixed: &event.encode(),
                tail: text.as_bytes(),
            };
            self.path.input(self.now(), &input)?;
        }
        Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
    }

    fn started(&mut self, strategy: usize) -> Result<(), ServerError> {
        let config = &self.config.strategies[strategy];
        let (strategy_id, code_hash) = (config.id, config.code_hash);
        let event = StrategyStarted { strategy_id, reserved: 0, code_hash };
        let input = Input {
            kind: StrategyStarted::KIND,
            version: StrategyStarted::VERSION,
            source: sources::CONFIG,
            fixed: &event.encode(),
            tail: config.name.as_bytes(),
        };
        self.path.input(self.now(), &input)
    }

    /// A strategy is heard no more; its orders are cancelled. Another process may take its place.
    pub(super) fn stopped(
        &mut self,
        strategy: usize,
        reason: StopReason,
        why: &str,
    ) -> Result<(), ServerError> {
        let (id, is_inline) =
            (self.config.strategies[strategy].id, self.config.strategies[strategy].is_inline);
        let ts_ns = self.now();
        self.path.stop_strategy(id, reason, why, ts_ns)?;
        self.path.tell_inlines(ts_ns)?;
        if is_inline { Ok(()) } else { self.open_inlet(sources::STRATEGY + id, Some(strategy)) }
    }

    /// A person lets a strategy that was stopped begin again: here, or in a process that comes.
    pub(super) fn let_start(&mut self, strategy: usize) -> Result<(), ServerError> {
        let id = self.config.strategies[strategy].id;
        if let Some(at) = self.path.inlines.iter().position(|inline| inline.id() == id) {
            let ts_ns = self.now();
            self.path.start_inline(at, ts_ns)?;
            return self.path.tell_inlines(ts_ns);
        }
        let source = sources::STRATEGY + id;
        if let Some(inlet) = self.inlets.iter().find(|inlet| inlet.source == source) {
            inlet.reader.welcome(Welcome::AskedFor);
        }
        Ok(())
    }
}

/// Whether a process is there.
fn is_alive(process: u32) -> bool {
    // SAFETY: signal 0 only asks.
    unsafe { libc::kill(process.cast_signed(), 0) == 0 }
}
