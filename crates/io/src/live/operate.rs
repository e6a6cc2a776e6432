// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Operators' requests, on the engine's thread: what changes something becomes an input.

use onetape_core::component::sources;
use onetape_core::events::{
    FlattenRequested, RiskScope, Side, StopReason, TradingState, TradingStateSet,
};
use onetape_core::journal::Sink;
use onetape_core::trading::StrategyView;
use serde_json::{Value, json};

use super::engine::{Engine, Input};
use super::limits_shown::limits;
use super::parameters::Wanted;
use crate::exchange::ServerError;
use crate::exchange::control::{Fields, Request};
use crate::exchange::server::refusal;

/// Orders in one answer; the rest is counted.
const ORDERS_MAX: usize = 500;

/// What is wanted of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// How it stands.
    Status {
        /// With a digest of the whole state.
        hash: bool,
    },
    /// Live orders.
    Orders,
    /// Positions.
    Positions,
    /// Limits in force, what is used of them and what remains.
    Limits,
    /// A signed limit file is to come into force.
    LoadLimits { path: String },
    /// One was verified, measured by the set of this version and hash: the body of its entry.
    TakeLimits { in_force: (u64, u64), body: Vec<u8> },
    /// A scope's trading state becomes this.
    State { scope: RiskScope, id: u32, state: TradingState, why: String, is_forced: bool },
    /// Strategies stop, orders are cancelled, positions closed.
    Flatten { scope: RiskScope, id: u32, why: String },
    /// A strategy stops, and begins again when a person says so.
    StopStrategy { id: u32 },
    /// A strategy that was stopped may begin again.
    StartStrategy { id: u32 },
    /// A strategy is about to run with this text, empty where it is too long to be told.
    Load { id: u32, code_hash: u64, text: String },
    /// Parameters of a strategy are given other values, all at once.
    Set { id: u32, values: Vec<Wanted> },
    /// The operator's side gives a sign of life.
    Watch,
    /// The node ends.
    Stop,
}

/// What a scope may do from now on, who says so, and why.
pub(super) struct Setting<'a> {
    pub(super) who: &'a str,
    pub(super) scope: RiskScope,
    pub(super) id: u32,
    pub(super) state: TradingState,
    pub(super) why: &'a str,
    pub(super) is_manual: bool,
}

/// The scopes that an operator names.
const SCOPES: [(RiskScope, &str); 5] = [
    (RiskScope::Firm, "firm"),
    (RiskScope::Account, "account"),
    (RiskScope::Venue, "venue"),
    (RiskScope::Instrument, "instrument"),
    (RiskScope::Strategy, "strategy"),
];

impl Command {
    /// Reads a request; the error is for the operator.
    pub(super) fn read(frame: &[u8]) -> Result<Self, String> {
        let fields = Fields::read(frame)?;
        match fields.text("do")? {
            "status" => {
                fields.only(&["hash"])?;
                Ok(Self::Status { hash: fields.flag("hash")? })
            }
            "orders" => fields.only(&[]).map(|()| Self::Orders),
            "positions" => fields.only(&[]).map(|()| Self::Positions),
            "limits" => fields.only(&[]).map(|()| Self::Limits),
            "load-limits" => {
                fields.only(&["path"])?;
                Ok(Self::LoadLimits { path: fields.text("path")?.to_owned() })
            }
            "kill" => Self::state(&fields, TradingState::Halted),
            "reduce" => Self::state(&fields, TradingState::Reducing),
            "resume" => Self::state(&fields, TradingState::Active),
            "flatten" => {
                fields.only(&["scope", "id", "why"])?;
                let (scope, id, why) = Self::scope(&fields)?;
                Ok(Self::Flatten { scope, id, why })
            }
            "stop-strategy" => Self::strategy(&fields).map(|id| Self::StopStrategy { id }),
            "start-strategy" => Self::strategy(&fields).map(|id| Self::StartStrategy { id }),
            "load" => {
                fields.only(&["id", "code_hash", "text"])?;
                let (id, code_hash) = (fields.id("id")?, fields.needed("code_hash")?);
                Ok(Self::Load { id, code_hash, text: fields.text("text")?.to_owned() })
            }
            "set" => {
                fields.only(&["id", "values"])?;
                Ok(Self::Set { id: fields.id("id")?, values: fields.texts("values")? })
            }
            "watch" => fields.only(&[]).map(|()| Self::Watch),
            "stop" => fields.only(&[]).map(|()| Self::Stop),
            other => Err(format!(
                "do: expected status, orders, positions, limits, load-limits, kill, reduce, resume, \
                 flatten, start-strategy, stop-strategy, load, set, watch or stop, found {other:?}"
            )),
        }
    }

    fn state(fields: &Fields, state: TradingState) -> Result<Self, String> {
        fields.only(&["scope", "id", "why", "force"])?;
        let (scope, id, why) = Self::scope(fields)?;
        Ok(Self::State { scope, id, state, why, is_forced: fields.flag("force")? })
    }

    /// The strategy that a request names.
    fn strategy(fields: &Fields) -> Result<u32, String> {
        fields.only(&["id"])?;
        match fields.id("id")? {
            0 => Err("id: expected a strategy's id, found nothing".to_owned()),
            id => Ok(id),
        }
    }

    /// The scope that a request names, and why.
    fn scope(fields: &Fields) -> Result<(RiskScope, u32, String), String> {
        let name = fields.text("scope")?;
        let Some(&(scope, _)) = SCOPES.iter().find(|(_, known)| *known == name) else {
            let known = SCOPES.map(|(_, name)| name).join(", ");
            return Err(format!("scope: expected one of {known}, found {name:?}"));
        };
        let id = fields.id("id")?;
        if (id == 0) != (scope == RiskScope::Firm) {
            return Err(format!("id: expected the {name}'s id, and none for the firm, found {id}"));
        }
        let why = fields.text("why").unwrap_or("").to_owned();
        Ok((scope, id, why))
    }
}

impl Engine {
    /// Answers all requests that wait.
    pub(super) fn operate(&mut self) -> Result<(), ServerError> {
        while let Ok(Request { user, command, reply }) = self.requests.try_recv() {
            if let Command::LoadLimits { path } = command {
                self.send_errand(user, path, reply);
                continue;
            }
            let answer = self.obey(&user, command)?;
            let _nobody_waits_any_more = reply.send(answer);
        }
        Ok(())
    }

    fn obey(&mut self, user: &str, command: Command) -> Result<Value, ServerError> {
        match command {
            Command::Status { hash } => Ok(self.status(hash)),
            Command::Orders => Ok(self.orders()),
            Command::Positions => Ok(self.positions()),
            Command::Limits => {
                let strategies = self.config.node.strategies_max;
                let venues = self.config.venues.len() as u32;
                Ok(limits(&self.path.node, strategies, venues))
            }
            Command::LoadLimits { .. } => Ok(refusal("a limit file is verified first")),
            Command::TakeLimits { in_force, body } => self.take_limits(in_force, &body),
            Command::State { scope, id, state, why, is_forced } => {
                let why = why.as_str();
                let setting = Setting { who: user, scope, id, state, why, is_manual: true };
                self.change_state(&setting, is_forced)
            }
            Command::Flatten { scope, id, why } => self.begin_flatten(user, scope, id, &why),
            Command::Load { id, code_hash, text } => self.load_strategy(id, code_hash, &text),
            Command::Set { id, values } => self.set_parameters(user, id, &values),
            Command::Watch => {
                self.triggers.watched(self.path.now_ns);
                Ok(json!({"ok": true}))
            }
            Command::StopStrategy { id } | Command::StartStrategy { id } => {
                let place = self.config.strategies.iter().position(|known| known.id == id);
                let Some(place) = place else {
                    let known = self.config.strategies.len();
                    return Ok(refusal(&format!("id: expected 1 to {known}, found {id}")));
                };
                match command {
                    Command::StartStrategy { .. } => self.let_start(place)?,
                    _ => self.stopped(place, StopReason::Operator, user)?,
                }
                Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
            }
            Command::Stop => {
                self.stop.stop();
                Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
            }
        }
    }

    /// A person sets what a scope may do. What was killed is resumed only when it is over.
    fn change_state(
        &mut self,
        setting: &Setting<'_>,
        is_forced: bool,
    ) -> Result<Value, ServerError> {
        if setting.state == TradingState::Active {
            if let Some(why) = self.triggers.bar() {
                return Ok(refusal(&why));
            }
            let left = self.path.node.orders_killing();
            if left != 0 && !is_forced {
                return Ok(refusal(&format!(
                    "{left} orders of a kill are not confirmed dead: wait, or see `onetape live \
                     orders`; --force resumes all the same"
                )));
            }
            if setting.scope == RiskScope::Firm {
                self.triggers.resumed(self.path.now_ns);
            }
        }
        let venues = self.config.venues.iter();
        let before: usize = venues.map(|venue| self.path.node.live_orders(venue.id)).sum();
        self.set_state(setting)?;
        let seq = Sink::last_seq(&self.path.journal);
        Ok(json!({"ok": true, "seq": seq, "orders_live": before}))
    }

    /// Strategies stop, and the node closes what they hold.
    fn begin_flatten(
        &mut self,
        user: &str,
        scope: RiskScope,
        id: u32,
        why: &str,
    ) -> Result<Value, ServerError> {
        if let Some(why) = self.triggers.bar() {
            return Ok(refusal(&why));
        }
        for at in 0..self.config.strategies.len() {
            if scope != RiskScope::Strategy || self.config.strategies[at].id == id {
                self.stopped(at, StopReason::Operator, "its positions are closed")?;
            }
        }
        let event = FlattenRequested { id, scope: scope.raw(), reserved: [0; 3] };
        let text = if why.is_empty() { user.to_owned() } else { format!("{user}: {why}") };
        let input = Input {
            kind: FlattenRequested::KIND,
            version: FlattenRequested::VERSION,
            source: sources::OPERATOR,
            fixed: &event.encode(),
            tail: text.as_bytes(),
        };
        self.path.input(self.now(), &input)?;
        Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
    }

    /// Sets what a scope may do; one that is halted loses its orders.
    pub(super) fn set_state(&mut self, setting: &Setting<'_>) -> Result<(), ServerError> {
        let Setting { who, scope, id, state, why, is_manual } = *setting;
        let event = TradingStateSet {
            id,
            scope: scope.raw(),
            state: state.raw(),
            cancels: u8::from(state == TradingState::Halted),
            is_manual: u8::from(is_manual),
        };
        let text = if why.is_empty() { who.to_owned() } else { format!("{who}: {why}") };
        let input = Input {
            kind: TradingStateSet::KIND,
            version: TradingStateSet::VERSION,
            source: if is_manual { sources::OPERATOR } else { sources::CONFIG },
            fixed: &event.encode(),
            tail: text.as_bytes(),
        };
        self.path.input(self.now(), &input)
    }

    fn status(&self, hash: bool) -> Value {
        use onetape_core::component::Component;
        let node = &self.path.node;
        let venues = self.config.venues.iter().zip(&self.feeds).map(|(venue, feed)| {
            json!({
                "id": venue.id,
                "name": venue.name,
                "ready": node.is_ready(venue.id),
                "orders_live": node.live_orders(venue.id),
                "drop_copy": node.reconciliation(venue.id).map(|copy| json!({
                    "up": copy.is_up,
                    "heard": copy.was_heard,
                    "executions_open": copy.executions_open,
                    "orders_differing": copy.orders_differing,
                    "count_here": copy.count_here,
                    "count_there": copy.count_there,
                    "totals_differ": copy.totals_differ,
                })),
                "feed": feed.as_ref().map(|feed| format!("{:?}", feed.state()).to_lowercase()),
            })
        });
        let strategies = self.config.strategies.iter().map(|strategy| {
            let is_it =
                |inlet: &&super::processes::Inlet| inlet.source == sources::STRATEGY + strategy.id;
            let inlet = self.inlets.iter().find(is_it);
            let inline = self.path.inlines.iter().find(|inline| inline.id() == strategy.id);
            let runs_inline = inline.is_some_and(super::inline::Inline::is_running);
            json!({
                "id": strategy.id,
                "name": strategy.name,
                "held": node.is_held(strategy.id),
                "running": runs_inline || inlet.is_some_and(|inlet| inlet.is_running),
                "inline": inline.is_some(),
                "followed_seq": inlet.map(super::processes::Inlet::followed),
                "orders_live": node.desk().orders(strategy.id).map_or(0, |o| o.live().count()),
                "parameters": self.parameters(strategy.id),
            })
        });
        let counters = node.counters();
        let names = onetape_core::events::Counters::NAMES.iter().zip(counters.values());
        let mut answer = json!({
            "ok": true,
            "seq": Sink::last_seq(&self.path.journal),
            "recovered_seq": self.recovered,
            "snapshot_seq": self.snapshot_seq,
            "killing": node.orders_killing(),
            "flattening": node.is_flattening(),
            "venues": venues.collect::<Vec<_>>(),
            "strategies": strategies.collect::<Vec<_>>(),
            "breakers": super::breakers_shown::breakers(node),
            "packet_to_order_ns": self.path.stopwatch.summary(),
            "counters": names.collect::<std::collections::BTreeMap<_, _>>(),
        });
        if hash {
            answer["state_hash"] = json!(format!("{:016x}", node.state_hash()));
        }
        answer
    }

    fn orders(&self) -> Value {
        let node = &self.path.node;
        let of = |strategy: u32| {
            let live = node.desk().orders(strategy).map(|table| table.live().collect::<Vec<_>>());
            live.unwrap_or_default().into_iter().map(move |order| (strategy, order))
        };
        let all = self.config.strategies.iter().flat_map(|strategy| of(strategy.id));
        let rows: Vec<Value> = all
            .map(|(strategy, order)| {
                json!({
                    "strategy": strategy,
                    "client_id": order.client_id,
                    "venue": node.venue_of(order.instrument),
                    "order_id": order.order_id,
                    "instrument": order.instrument,
                    "symbol": self.symbol(order.instrument),
                    "side": if order.side == Side::Buy { "buy" } else { "sell" },
                    "price_ticks": order.price,
                    "leaves_lots": order.leaves,
                    "executed_lots": order.executed,
                })
            })
            .collect();
        let (count, shown) = (rows.len(), &rows[..rows.len().min(ORDERS_MAX)]);
        json!({"ok": true, "orders": shown, "count": count})
    }

    pub(super) fn symbol(&self, instrument: u32) -> String {
        let found = self.path.node.instrument(instrument);
        found.map_or_else(String::new, |i| String::from_utf8_lossy(i.symbol()).into_owned())
    }
}
