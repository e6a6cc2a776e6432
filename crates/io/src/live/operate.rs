// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Operators' requests, on the engine's thread: what changes something becomes an input.

use onetape_core::component::sources;
use onetape_core::events::{RiskScope, Side, StopReason, TradingState, TradingStateSet};
use onetape_core::journal::Sink;
use onetape_core::trading::StrategyView;
use serde_json::{Value, json};

use super::engine::{Engine, Input};
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
    /// A scope's trading state becomes this.
    State { scope: RiskScope, id: u32, state: TradingState, why: String },
    /// A strategy stops.
    StopStrategy { id: u32 },
    /// The node ends.
    Stop,
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
            "kill" => Self::state(&fields, TradingState::Halted),
            "reduce" => Self::state(&fields, TradingState::Reducing),
            "resume" => Self::state(&fields, TradingState::Active),
            "stop-strategy" => {
                fields.only(&["id"])?;
                match fields.id("id")? {
                    0 => Err("id: expected a strategy's id, found nothing".to_owned()),
                    id => Ok(Self::StopStrategy { id }),
                }
            }
            "stop" => fields.only(&[]).map(|()| Self::Stop),
            other => Err(format!(
                "do: expected status, orders, positions, kill, reduce, resume, stop-strategy or \
                 stop, found {other:?}"
            )),
        }
    }

    fn state(fields: &Fields, state: TradingState) -> Result<Self, String> {
        fields.only(&["scope", "id", "why"])?;
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
        Ok(Self::State { scope, id, state, why })
    }
}

impl Engine {
    /// Answers all requests that wait.
    pub(super) fn operate(&mut self) -> Result<(), ServerError> {
        while let Ok(Request { user, command, reply }) = self.requests.try_recv() {
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
            Command::State { scope, id, state, why } => {
                let live = |engine: &Self| -> usize {
                    let venues = engine.config.venues.iter();
                    venues.map(|venue| engine.path.node.live_orders(venue.id)).sum()
                };
                let before = live(self);
                self.set_state(user, scope, id, state, &why)?;
                let seq = Sink::last_seq(&self.path.journal);
                Ok(json!({"ok": true, "seq": seq, "orders_live": before}))
            }
            Command::StopStrategy { id } => {
                let place = self.config.strategies.iter().position(|known| known.id == id);
                let Some(place) = place else {
                    let known = self.config.strategies.len();
                    return Ok(refusal(&format!("id: expected 1 to {known}, found {id}")));
                };
                self.stopped(place, StopReason::Operator, user)?;
                Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
            }
            Command::Stop => {
                self.stop.stop();
                Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
            }
        }
    }

    /// Sets what a scope may do; one that is halted loses its orders.
    fn set_state(
        &mut self,
        user: &str,
        scope: RiskScope,
        id: u32,
        state: TradingState,
        why: &str,
    ) -> Result<(), ServerError> {
        let event = TradingStateSet {
            id,
            scope: scope.raw(),
            state: state.raw(),
            cancels: u8::from(state == TradingState::Halted),
            is_manual: 1,
        };
        let text = if why.is_empty() { user.to_owned() } else { format!("{user}: {why}") };
        let input = Input {
            kind: TradingStateSet::KIND,
            version: TradingStateSet::VERSION,
            source: sources::OPERATOR,
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
                "running": runs_inline || inlet.is_some_and(|inlet| inlet.is_running),
                "inline": inline.is_some(),
                "followed_seq": inlet.map(super::processes::Inlet::followed),
                "orders_live": node.desk().orders(strategy.id).map_or(0, |o| o.live().count()),
            })
        });
        let counters = node.counters();
        let names = onetape_core::events::Counters::NAMES.iter().zip(counters.values());
        let mut answer = json!({
            "ok": true,
            "seq": Sink::last_seq(&self.path.journal),
            "recovered_seq": self.recovered,
            "venues": venues.collect::<Vec<_>>(),
            "strategies": strategies.collect::<Vec<_>>(),
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

    fn positions(&self) -> Value {
        let node = &self.path.node;
        let traded = node.desk().portfolio().traded();
        let rows = traded.map(|(strategy, instrument, position)| {
            let touch = node.touch(instrument);
            let exit = if position.lots > 0 { touch.bid } else { touch.ask };
            let mark = if exit == 0 { node.last_trade(instrument).unwrap_or(0) } else { exit };
            json!({
                "strategy": strategy,
                "instrument": instrument,
                "symbol": self.symbol(instrument),
                "venue": node.venue_of(instrument),
                "position_lots": position.lots,
                "cash_ticklots": position.cash.to_string(),
                "realised_ticklots": position.realised.to_string(),
                "profit_ticklots": position.profit_at(mark).to_string(),
                "mark_ticks": mark,
                "bought_lots": position.bought,
                "sold_lots": position.sold,
                "fills": position.fills,
            })
        });
        json!({"ok": true, "positions": rows.collect::<Vec<_>>()})
    }

    fn symbol(&self, instrument: u32) -> String {
        let found = self.path.node.instrument(instrument);
        found.map_or_else(String::new, |i| String::from_utf8_lossy(i.symbol()).into_owned())
    }
}
