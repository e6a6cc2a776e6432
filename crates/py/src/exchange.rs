// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The matching engine, for `onetape.exchange`: commands in, event bodies out.

use std::collections::BTreeMap;

use onetape_core::book::{BooksConfig, LevelView, OrderView};
use onetape_core::component::Snapshot;
use onetape_core::events::{
    MarketUpdated, OrderAccepted, OrderCanceled, OrderFilled, OrderRejected, OrderReplaced, Side,
    TradingStatus,
};
use onetape_core::exchange::{
    Accepted, Canceled, Command, Fill, Matcher as Core, MatcherConfig, PriceTime, Rejected,
    Replaced, Replayed, Reports,
};
use onetape_core::types::{Rung, TickTable};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{command_error, raise, tick_table_error};

/// Reports as event bodies: in their order, or by kind.
trait Bodies {
    fn put(&mut self, kind: u16, body: &[u8]);
}

impl Bodies for Vec<(u16, Vec<u8>)> {
    fn put(&mut self, kind: u16, body: &[u8]) {
        self.push((kind, body.to_vec()));
    }
}

impl Bodies for BTreeMap<u16, Vec<u8>> {
    fn put(&mut self, kind: u16, body: &[u8]) {
        self.entry(kind).or_default().extend(body);
    }
}

#[derive(Default)]
struct Events<B> {
    cause_seq: u64,
    bodies: B,
}

impl<B: Bodies> Reports for Events<B> {
    fn accepted(&mut self, report: &Accepted) {
        self.bodies.put(OrderAccepted::KIND, &report.event(self.cause_seq).encode());
    }

    fn filled(&mut self, report: &Fill) {
        let sides = [report.maker_event(self.cause_seq), report.taker_event(self.cause_seq)];
        for event in sides.iter().flatten() {
            self.bodies.put(OrderFilled::KIND, &event.encode());
        }
    }

    fn canceled(&mut self, report: &Canceled) {
        self.bodies.put(OrderCanceled::KIND, &report.event(self.cause_seq).encode());
    }

    fn replaced(&mut self, report: &Replaced) {
        self.bodies.put(OrderReplaced::KIND, &report.event(self.cause_seq).encode());
    }

    fn rejected(&mut self, report: &Rejected) {
        self.bodies.put(OrderRejected::KIND, &report.event(self.cause_seq).encode());
    }
}

enum Engine {
    Exchange(Box<Core<PriceTime>>),
    Replayed(Box<Core<Replayed>>),
}

/// The same call on either engine.
macro_rules! each {
    ($engine:expr, $matcher:ident => $call:expr) => {
        match $engine {
            Engine::Exchange($matcher) => $call,
            Engine::Replayed($matcher) => $call,
        }
    };
}

/// A matching engine; `replayed` makes it a simulated venue.
#[pyclass(module = "onetape._native", name = "MatchingEngine")]
struct MatchingEngine {
    engine: Engine,
    /// Commands and messages so far: what events name as their cause.
    #[pyo3(get)]
    seq: u64,
}

type Level = (i64, u64, u32);
type Order = (u64, u32, i64, u64);

#[pymethods]
impl MatchingEngine {
    #[new]
    fn new(
        py: Python<'_>,
        replayed: bool,
        orders_max: u32,
        instruments_max: u32,
        ghosts_max: u32,
    ) -> PyResult<Self> {
        if orders_max >= 1 << 30 || instruments_max >= 1 << 30 {
            let message = format!(
                "orders_max {orders_max}, instruments_max {instruments_max}: limits end at 2^30"
            );
            return Err(raise(py, "ConfigError", "EXC-001", &message, "set a lower limit"));
        }
        let books = BooksConfig { orders_max, instruments_max, ..BooksConfig::default() };
        let config = MatcherConfig { books, ghosts_max, ..MatcherConfig::default() };
        let engine = if replayed {
            Engine::Replayed(Box::new(Core::new(config)))
        } else {
            Engine::Exchange(Box::new(Core::new(config)))
        };
        Ok(Self { engine, seq: 0 })
    }

    #[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the vector from a Python list")]
    fn define(&mut self, py: Python<'_>, instrument: u32, rungs: Vec<(i64, i64)>) -> PyResult<()> {
        let rungs: Vec<Rung> =
            rungs.iter().map(|&(from, increment)| Rung { from, increment }).collect();
        let table = TickTable::from_rungs(&rungs).map_err(|err| tick_table_error(py, err))?;
        each!(&mut self.engine, matcher => matcher.define_instrument(instrument, table)).map_err(
            |err| {
                let message = format!("instrument {instrument} cannot be defined: {err:?}");
                let hint = "ids run from 1 to instruments_max, and the top step never changes";
                raise(py, "ConfigError", "EXC-002", &message, hint)
            },
        )
    }

    fn set_status(&mut self, py: Python<'_>, instrument: u32, status: u8) -> PyResult<()> {
        let status = TradingStatus::from_raw(status)
            .ok_or_else(|| bad_field(py, "status", u64::from(status)))?;
        each!(&mut self.engine, matcher => matcher.set_status(instrument, status));
        Ok(())
    }

    /// Applies one command record; gives kinds and bodies of the events.
    fn command<'py>(
        &mut self,
        py: Python<'py>,
        record: &[u8],
    ) -> PyResult<Vec<(u16, Bound<'py, PyBytes>)>> {
        let command = read_command(py, record, 0)?;
        let mut events = self.events();
        each!(&mut self.engine, matcher => matcher.apply(&command, &mut events));
        Ok(listed(py, &events))
    }

    /// Applies command records that stand one after another; gives the bodies by kind.
    fn apply<'py>(
        &mut self,
        py: Python<'py>,
        records: &[u8],
    ) -> PyResult<BTreeMap<u16, Bound<'py, PyBytes>>> {
        let mut events: Events<BTreeMap<u16, Vec<u8>>> = self.events();
        for (index, record) in records.chunks(Command::SIZE).enumerate() {
            let command = read_command(py, record, index)?;
            each!(&mut self.engine, matcher => matcher.apply(&command, &mut events));
            events.cause_seq += 1;
        }
        self.seq = events.cause_seq - 1;
        Ok(by_kind(py, &events))
    }

    /// Applies one `MarketUpdated` body.
    fn market<'py>(
        &mut self,
        py: Python<'py>,
        body: &[u8],
    ) -> PyResult<Vec<(u16, Bound<'py, PyBytes>)>> {
        let update = read_update(py, body, 0)?;
        let mut events = self.events();
        self.replayed(py)?.market_update(&update, &mut events);
        Ok(listed(py, &events))
    }

    /// Applies `MarketUpdated` bodies that stand one after another.
    fn apply_market<'py>(
        &mut self,
        py: Python<'py>,
        bodies: &[u8],
    ) -> PyResult<BTreeMap<u16, Bound<'py, PyBytes>>> {
        let mut events: Events<BTreeMap<u16, Vec<u8>>> = self.events();
        let venue = self.replayed(py)?;
        for (index, body) in bodies.chunks(MarketUpdated::SIZE).enumerate() {
            venue.market_update(&read_update(py, body, index)?, &mut events);
            events.cause_seq += 1;
        }
        self.seq = events.cause_seq - 1;
        Ok(by_kind(py, &events))
    }

    fn best(&self, py: Python<'_>, instrument: u32, side: u8) -> PyResult<Option<Level>> {
        let side = read_side(py, side)?;
        let best = each!(&self.engine, matcher => matcher.books().best(instrument, side));
        Ok(best.map(level))
    }

    fn levels(
        &self,
        py: Python<'_>,
        instrument: u32,
        side: u8,
        count: usize,
    ) -> PyResult<Vec<Level>> {
        let side = read_side(py, side)?;
        Ok(each!(&self.engine, matcher => {
            matcher.books().levels(instrument, side).take(count).map(level).collect()
        }))
    }

    /// Our orders on one side, first to trade first.
    fn orders(&self, py: Python<'_>, instrument: u32, side: u8) -> PyResult<Vec<Order>> {
        let side = read_side(py, side)?;
        Ok(each!(&self.engine, matcher => {
            matcher.orders(instrument, side).map(order).collect()
        }))
    }

    /// All orders on one side, first to trade first; a market order has owner 0.
    fn queue(&self, py: Python<'_>, instrument: u32, side: u8) -> PyResult<Vec<Order>> {
        let side = read_side(py, side)?;
        Ok(each!(&self.engine, matcher => matcher.queue(instrument, side).map(order).collect()))
    }

    fn live_orders(&self) -> u32 {
        each!(&self.engine, matcher => matcher.live_orders())
    }

    /// Missing, capped, displaced, refused, ghosts lost.
    fn market_counters(&self) -> (u64, u64, u64, u64, u64) {
        let counters = each!(&self.engine, matcher => matcher.market_counters());
        let (refused, lost) = (counters.refused, counters.ghosts_lost);
        (counters.missing, counters.capped, counters.displaced, refused, lost)
    }

    fn state_hash(&self) -> u64 {
        each!(&self.engine, matcher => matcher.state_hash())
    }

    fn save<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut out = self.seq.to_le_bytes().to_vec();
        each!(&self.engine, matcher => matcher.save(&mut out));
        PyBytes::new(py, &out)
    }

    fn restore(&mut self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        let refused = |message: String| {
            let hint = "give what snapshot() made, to an engine with limits no lower";
            raise(py, "DecodeError", "EXC-004", &message, hint)
        };
        let (seq, mut rest) = bytes
            .split_first_chunk()
            .ok_or_else(|| refused(format!("{} bytes are no snapshot", bytes.len())))?;
        each!(&mut self.engine, matcher => matcher.restore(&mut rest))
            .map_err(|err| refused(format!("not a snapshot of this engine: {err:?}")))?;
        self.seq = u64::from_le_bytes(*seq);
        Ok(())
    }
}

impl MatchingEngine {
    fn events<B: Default>(&mut self) -> Events<B> {
        self.seq += 1;
        Events { cause_seq: self.seq, bodies: B::default() }
    }

    fn replayed(&mut self, py: Python<'_>) -> PyResult<&mut Core<Replayed>> {
        match &mut self.engine {
            Engine::Replayed(venue) => Ok(venue),
            Engine::Exchange(_) => {
                let message = "a market message came to an exchange, which has no history";
                Err(raise(py, "ConfigError", "EXC-005", message, "use onetape.exchange.Venue"))
            }
        }
    }
}

fn listed<'py>(
    py: Python<'py>,
    events: &Events<Vec<(u16, Vec<u8>)>>,
) -> Vec<(u16, Bound<'py, PyBytes>)> {
    events.bodies.iter().map(|(kind, body)| (*kind, PyBytes::new(py, body))).collect()
}

fn by_kind<'py>(
    py: Python<'py>,
    events: &Events<BTreeMap<u16, Vec<u8>>>,
) -> BTreeMap<u16, Bound<'py, PyBytes>> {
    events.bodies.iter().map(|(kind, body)| (*kind, PyBytes::new(py, body))).collect()
}

const fn level(level: LevelView) -> Level {
    (level.price, level.qty, level.orders)
}

const fn order(order: OrderView) -> Order {
    (order.order_ref, order.owner, order.price, order.qty)
}

fn bad_field(py: Python<'_>, field: &str, value: u64) -> PyErr {
    let message = format!("{field} holds {value}, which the schema does not define");
    raise(py, "DecodeError", "EXC-003", &message, "see docs/reference/events.md for its values")
}

fn read_side(py: Python<'_>, side: u8) -> PyResult<Side> {
    Side::from_raw(side).ok_or_else(|| bad_field(py, "side", u64::from(side)))
}

fn read_command(py: Python<'_>, record: &[u8], index: usize) -> PyResult<Command> {
    Command::decode(record).map_err(|err| command_error(py, index, err))
}

fn read_update(py: Python<'_>, body: &[u8], index: usize) -> PyResult<MarketUpdated> {
    MarketUpdated::decode(body).ok_or_else(|| {
        let message = format!(
            "message {index}: a MarketUpdated has {} bytes, found {}",
            MarketUpdated::SIZE,
            body.len()
        );
        raise(py, "DecodeError", "EXC-003", &message, "use MarketUpdated.DTYPE")
    })
}

/// Adds the class to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<MatchingEngine>()
}
