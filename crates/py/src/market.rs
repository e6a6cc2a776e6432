// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market, for `onetape.exchange.Market`: commands in, reports out as dictionaries.

use onetape_core::book::BooksConfig;
use onetape_core::component::Snapshot;
use onetape_core::events::{CancelReason, Phase, Side, StpMode};
use onetape_core::exchange::market::{
    Auction, Display, Indicative, InstrumentRules, Life, Market as Core, MarketConfig,
    MarketReport, OrderRequest, PegTo, PostOnly, Pricing, Replacement, ReportList, SelfTrade,
    SizeCondition, StpScope, Which,
};
use onetape_core::exchange::{MatcherConfig, Report};
use onetape_core::types::{Rung, TickTable, TsNs};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::errors::{raise, tick_table_error};

/// A new order as the wrapper passes it: numbers of the schema, 0 for none.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Entry {
    client: u64,
    owner: u32,
    instrument: u32,
    side: u8,
    qty: u64,
    order_type: u8,
    price: i64,
    offset: i64,
    stop: Option<i64>,
    hidden: bool,
    reserve: Option<u64>,
    minimum: u64,
    all_or_none: bool,
    post_only: u8,
    time_in_force: u8,
    until: TsNs,
    auction: u8,
    stp_mode: u8,
    by_port: bool,
}

/// What a replacement changes; a life of 0 stays.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Change {
    client: u64,
    qty: u64,
    price: i64,
    time_in_force: u8,
    until: TsNs,
    stop: Option<i64>,
    keeps_original: bool,
}

/// The limits of a market.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
#[expect(clippy::struct_field_names, reason = "limits are called …_max")]
struct Limits {
    orders_max: u32,
    instruments_max: u32,
    specials_max: u32,
    owners_max: u32,
    hidden_orders_max: u32,
    conditioned_max: u32,
}

/// Which orders a mass cancel is for.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Filter {
    owner: Option<u32>,
    firm: Option<u32>,
    instrument: Option<u32>,
    side: Option<u8>,
}

/// Rules of an instrument; 0 for none.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Rules {
    reference: i64,
    collar: i64,
    band_bps: u32,
    pause_ms: u32,
    auction_collar_bps: u32,
    pro_rata: bool,
}

impl Entry {
    fn request(&self, py: Python<'_>) -> PyResult<OrderRequest> {
        let bad = |field: &str, value: u8| bad_field(py, field, u64::from(value));
        let display = match (self.hidden, self.reserve) {
            (true, _) => Display::Hidden,
            (false, Some(displayed)) => Display::Reserve { displayed },
            (false, None) => Display::Displayed,
        };
        let size = SizeCondition::of(self.qty, self.minimum, self.all_or_none);
        Ok(OrderRequest {
            client: self.client,
            owner: self.owner,
            instrument: self.instrument,
            side: Side::from_raw(self.side).ok_or_else(|| bad("side", self.side))?,
            qty: self.qty,
            pricing: self.pricing().ok_or_else(|| bad("order_type", self.order_type))?,
            stop: self.stop,
            display,
            size,
            post_only: match self.post_only {
                0 => PostOnly::Off,
                1 => PostOnly::Reject,
                2 => PostOnly::Slide,
                other => return Err(bad("post_only", other)),
            },
            life: life(self.time_in_force, self.until)
                .ok_or_else(|| bad("time_in_force", self.time_in_force))?,
            auction: match self.auction {
                0 => Auction::None,
                1 => Auction::Open,
                2 => Auction::Close,
                other => return Err(bad("auction", other)),
            },
            stp: SelfTrade {
                mode: StpMode::from_raw(self.stp_mode)
                    .ok_or_else(|| bad("stp_mode", self.stp_mode))?,
                scope: if self.by_port { StpScope::Port } else { StpScope::Firm },
            },
        })
    }

    fn pricing(&self) -> Option<Pricing> {
        let peg = |to| {
            let limit = (self.price != 0).then_some(self.price);
            Pricing::Peg { to, offset: self.offset, limit }
        };
        Some(match self.order_type {
            1 => Pricing::Limit(self.price),
            2 => Pricing::Market,
            3 => peg(PegTo::Primary),
            4 => peg(PegTo::Market),
            5 => peg(PegTo::Midpoint),
            _ => return None,
        })
    }
}

const fn life(raw: u8, until: TsNs) -> Option<Life> {
    Some(match raw {
        1 => Life::Day,
        2 => Life::Ioc,
        3 => Life::Fok,
        4 => Life::Gtc,
        5 => Life::Until(until),
        _ => return None,
    })
}

/// Every order type, phase and auction of our market.
#[pyclass(module = "onetape._native", name = "MarketEngine")]
struct MarketEngine {
    market: Box<Core>,
    reports: ReportList,
}

type Dicts<'py> = Vec<Bound<'py, PyDict>>;

#[pymethods]
impl MarketEngine {
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the value from a dictionary")]
    fn new(py: Python<'_>, limits: Limits) -> PyResult<Self> {
        let Limits {
            orders_max,
            instruments_max,
            specials_max,
            owners_max,
            hidden_orders_max,
            conditioned_max,
        } = limits;
        let limits = [
            orders_max,
            instruments_max,
            specials_max,
            owners_max,
            hidden_orders_max,
            conditioned_max,
        ];
        if limits.iter().any(|&limit| limit >= 1 << 30) {
            let message = format!("limits {limits:?}: each ends at 2^30");
            return Err(raise(py, "ConfigError", "EXC-001", &message, "set a lower limit"));
        }
        let books = BooksConfig { orders_max, instruments_max, ..BooksConfig::default() };
        let matcher = MatcherConfig {
            books,
            hidden_orders_max,
            conditioned_max,
            owners_max,
            ..MatcherConfig::default()
        };
        let config = MarketConfig { matcher, specials_max, owners_max };
        Ok(Self { market: Box::new(Core::new(config)), reports: ReportList::default() })
    }

    #[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the values from Python's")]
    fn define(
        &mut self,
        py: Python<'_>,
        instrument: u32,
        rungs: Vec<(i64, i64)>,
        rules: Rules,
    ) -> PyResult<()> {
        let rungs: Vec<Rung> =
            rungs.iter().map(|&(from, increment)| Rung { from, increment }).collect();
        let table = TickTable::from_rungs(&rungs).map_err(|err| tick_table_error(py, err))?;
        let rules = InstrumentRules {
            reference: rules.reference,
            collar: rules.collar,
            band_bps: rules.band_bps,
            pause_ms: rules.pause_ms,
            auction_collar_bps: rules.auction_collar_bps,
            pro_rata: rules.pro_rata,
        };
        self.market.define_instrument(instrument, table, rules).map_err(|err| {
            let message = format!("instrument {instrument} cannot be defined: {err:?}");
            let hint = "ids run from 1 to instruments_max, and the top step never changes";
            raise(py, "ConfigError", "EXC-002", &message, hint)
        })
    }

    fn set_firm(&mut self, owner: u32, firm: u32) -> bool {
        self.market.set_firm(owner, firm)
    }

    #[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the value from a dictionary")]
    fn enter<'py>(&mut self, py: Python<'py>, ts_ns: TsNs, entry: Entry) -> PyResult<Dicts<'py>> {
        let request = entry.request(py)?;
        self.market.enter(ts_ns, &request, &mut self.reports);
        self.taken(py)
    }

    fn cancel<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: TsNs,
        order_id: u64,
        reason: u8,
    ) -> PyResult<Dicts<'py>> {
        self.market.cancel(ts_ns, order_id, cancel_reason(py, reason)?, &mut self.reports);
        self.taken(py)
    }

    fn reduce<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: TsNs,
        order_id: u64,
        qty: u64,
    ) -> PyResult<Dicts<'py>> {
        self.market.reduce(ts_ns, order_id, qty, &mut self.reports);
        self.taken(py)
    }

    #[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the value from a dictionary")]
    fn replace<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: TsNs,
        order_id: u64,
        change: Change,
    ) -> PyResult<Dicts<'py>> {
        let Change { client, qty, price, time_in_force, until, stop, keeps_original } = change;
        let life = match time_in_force {
            0 => None,
            raw => Some(
                life(raw, until).ok_or_else(|| bad_field(py, "time_in_force", u64::from(raw)))?,
            ),
        };
        let replacement = Replacement { client, qty, price, life, stop, keeps_original };
        self.market.replace(ts_ns, order_id, &replacement, &mut self.reports);
        self.taken(py)
    }

    /// Cancels what satisfies each part that is given.
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the value from a dictionary")]
    fn cancel_all<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: TsNs,
        reason: u8,
        which: Filter,
    ) -> PyResult<Dicts<'py>> {
        let Filter { owner, firm, instrument, side } = which;
        let side = side.map(|raw| read_side(py, raw)).transpose()?;
        let which = Which { owner, firm, instrument, side };
        self.market.cancel_all(ts_ns, &which, cancel_reason(py, reason)?, &mut self.reports);
        self.taken(py)
    }

    fn set_phase<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: TsNs,
        instrument: u32,
        phase: u8,
    ) -> PyResult<Dicts<'py>> {
        let phase =
            Phase::from_raw(phase).ok_or_else(|| bad_field(py, "phase", u64::from(phase)))?;
        self.market.set_phase(ts_ns, instrument, phase, &mut self.reports);
        self.taken(py)
    }

    fn set_reference<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: TsNs,
        instrument: u32,
        price: i64,
    ) -> PyResult<Dicts<'py>> {
        self.market.set_reference(ts_ns, instrument, price, &mut self.reports);
        self.taken(py)
    }

    fn tick<'py>(&mut self, py: Python<'py>, ts_ns: TsNs) -> PyResult<Dicts<'py>> {
        self.market.tick(ts_ns, &mut self.reports);
        self.taken(py)
    }

    fn day_ended<'py>(&mut self, py: Python<'py>, ts_ns: TsNs) -> PyResult<Dicts<'py>> {
        self.market.day_ended(ts_ns, &mut self.reports);
        self.taken(py)
    }

    fn day_started<'py>(&mut self, py: Python<'py>, ts_ns: TsNs) -> PyResult<Dicts<'py>> {
        self.market.day_started(ts_ns, &mut self.reports);
        self.taken(py)
    }

    fn indicative<'py>(
        &mut self,
        py: Python<'py>,
        instrument: u32,
    ) -> PyResult<Bound<'py, PyDict>> {
        indicative(py, &self.market.indicative(instrument))
    }

    /// The queue of a side: id, price, displayed, what is left; first to trade first.
    fn book(
        &self,
        py: Python<'_>,
        instrument: u32,
        side: u8,
    ) -> PyResult<Vec<(u64, i64, u64, u64)>> {
        let orders = self.market.matcher().standings(instrument, read_side(py, side)?);
        Ok(orders.map(|o| (o.order_id, o.price, o.displayed, o.leaves)).collect())
    }

    /// Displayed levels of a side: price, quantity, orders; best first.
    fn levels(&self, py: Python<'_>, instrument: u32, side: u8) -> PyResult<Vec<(i64, u64, u32)>> {
        let levels = self.market.matcher().books().levels(instrument, read_side(py, side)?);
        Ok(levels.map(|level| (level.price, level.qty, level.orders)).collect())
    }

    fn phase(&self, instrument: u32) -> Option<u8> {
        self.market.phase(instrument).map(Phase::raw)
    }

    fn live_orders(&self) -> u32 {
        self.market.live_orders()
    }

    fn state_hash(&self) -> u64 {
        self.market.state_hash()
    }

    fn save<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut out = Vec::new();
        self.market.save(&mut out);
        PyBytes::new(py, &out)
    }

    fn restore(&mut self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        let mut rest = bytes;
        self.market.restore(&mut rest).map_err(|err| {
            let message = format!("not a snapshot of such a market: {err:?}");
            let hint = "give what snapshot() made, to a market with the same limits or higher ones";
            raise(py, "DecodeError", "EXC-004", &message, hint)
        })
    }
}

impl MarketEngine {
    /// What was said since the last time.
    fn taken<'py>(&mut self, py: Python<'py>) -> PyResult<Dicts<'py>> {
        self.reports.0.drain(..).map(|report| dict(py, &report)).collect()
    }
}

/// A dictionary of a report's name and fields.
macro_rules! fields {
    ($py:expr, $name:literal, $($field:ident: $value:expr),+ $(,)?) => {{
        let py = $py;
        let dict = PyDict::new(py);
        dict.set_item(pyo3::intern!(py, "report"), pyo3::intern!(py, $name))?;
        $(dict.set_item(pyo3::intern!(py, stringify!($field)), $value)?;)+
        Ok(dict)
    }};
}

fn dict<'py>(py: Python<'py>, report: &MarketReport) -> PyResult<Bound<'py, PyDict>> {
    let side = |side: Option<Side>| side.map_or(0, Side::raw);
    match *report {
        MarketReport::Order(ref report) => order_dict(py, report),
        MarketReport::Phase(r) => fields!(py, "phase",
            instrument: r.instrument, phase: r.phase.raw(), was: r.was.raw()),
        MarketReport::Indicative(ref r) => indicative(py, r),
        MarketReport::Bands(r) => fields!(py, "bands",
            instrument: r.instrument, reference: r.reference, lower: r.lower, upper: r.upper,
            limit_side: side(r.limit_side)),
        MarketReport::Cross(r) => fields!(py, "cross",
            instrument: r.instrument, phase: r.phase.raw(), price: r.price, qty: r.qty,
            match_id: r.match_id),
    }
}

fn indicative<'py>(py: Python<'py>, r: &Indicative) -> PyResult<Bound<'py, PyDict>> {
    fields!(py, "indicative",
        instrument: r.instrument, phase: r.phase.raw(), price: r.price, far: r.far,
        paired: r.paired, imbalance: r.imbalance,
        imbalance_side: r.imbalance_side.map_or(0, Side::raw), reference: r.reference)
}

fn order_dict<'py>(py: Python<'py>, report: &Report) -> PyResult<Bound<'py, PyDict>> {
    match *report {
        Report::Accepted(r) => fields!(py, "accepted",
            order_id: r.order_id, client: r.client, price: r.price, qty: r.qty, owner: r.owner,
            instrument: r.instrument, side: r.side.raw(), order_type: r.order_type.raw(),
            time_in_force: r.time_in_force.raw(), post_only: r.post_only),
        Report::Rested(r) => fields!(py, "rested",
            order_id: r.order_id, client: r.client, price: r.price, leaves: r.leaves,
            instrument: r.instrument,
            side: r.side.raw()),
        Report::Filled(r) => fields!(py, "filled",
            match_id: r.match_id, price: r.price, qty: r.qty, instrument: r.instrument,
            maker_side: r.maker_side.raw(), maker_hidden: r.maker_hidden,
            maker_id: r.maker.order_id, maker_client: r.maker.client,
            maker_leaves: r.maker.leaves, maker_owner: r.maker.owner,
            taker_id: r.taker.order_id, taker_client: r.taker.client,
            taker_leaves: r.taker.leaves, taker_owner: r.taker.owner),
        Report::Canceled(r) => fields!(py, "canceled",
            order_id: r.order_id, client: r.client, owner: r.owner, instrument: r.instrument,
            qty: r.qty, leaves: r.leaves, displayed: r.displayed, reason: r.reason.raw()),
        Report::Replaced(r) => fields!(py, "replaced",
            old_order_id: r.old_order_id, order_id: r.order_id, client: r.client, price: r.price,
            qty: r.qty, owner: r.owner, instrument: r.instrument, side: r.side.raw()),
        Report::Rejected(r) => fields!(py, "rejected",
            client: r.client, owner: r.owner, instrument: r.instrument, reason: r.reason.raw(),
            value: r.value, bound: r.bound, command: r.command),
        Report::Restated(r) => fields!(py, "restated",
            old_order_id: r.old_order_id, order_id: r.order_id, client: r.client, owner: r.owner,
            instrument: r.instrument, side: r.side.raw(), price: r.price, leaves: r.leaves,
            displayed: r.displayed, reason: r.reason.raw()),
        Report::Prevented(r) => fields!(py, "prevented",
            order_id: r.order_id, client: r.client, owner: r.owner, instrument: r.instrument,
            qty: r.qty, price: r.price, by_order_id: r.by_order_id, by_owner: r.by_owner),
        Report::Crossed(r) => fields!(py, "crossed",
            match_id: r.match_id, price: r.price, qty: r.qty, instrument: r.instrument,
            buy_id: r.buy.order_id, buy_client: r.buy.client, buy_leaves: r.buy.leaves,
            buy_owner: r.buy.owner, buy_displayed: r.buy_displayed,
            sell_id: r.sell.order_id, sell_client: r.sell.client, sell_leaves: r.sell.leaves,
            sell_owner: r.sell.owner, sell_displayed: r.sell_displayed),
    }
}

fn bad_field(py: Python<'_>, field: &str, value: u64) -> PyErr {
    let message = format!("{field} holds {value}, which the schema does not define");
    raise(py, "DecodeError", "EXC-003", &message, "see docs/reference/events.md for its values")
}

fn read_side(py: Python<'_>, side: u8) -> PyResult<Side> {
    Side::from_raw(side).ok_or_else(|| bad_field(py, "side", u64::from(side)))
}

fn cancel_reason(py: Python<'_>, reason: u8) -> PyResult<CancelReason> {
    CancelReason::from_raw(reason).ok_or_else(|| bad_field(py, "reason", u64::from(reason)))
}

/// Adds the class to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<MarketEngine>()
}
