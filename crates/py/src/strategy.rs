// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy holds: `StrategyCore` and `Market`.
//!
//! All of them look into the run they belong to. The run is never borrowed while Python runs, so a
//! callback may ask and look at will; outside a run they say so instead of answering.

use std::cell::RefCell;
use std::rc::Rc;

use onetape_core::book::LevelView;
use onetape_core::events::{GroupKind, OpenParent};
use onetape_core::trading::{OrderTable, QuoteSide, StrategyRun, Touch};
use onetape_core::types::{InstrumentId, Lots, Side, Ticks};
use pyo3::exceptions::{PyKeyError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::order_groups::LegAt;
use crate::order_terms::OrderTerms;
use crate::told::LiveOrder;

/// A run that a strategy and its views share: a backtest, or a follower of a live engine. One thread.
pub(crate) type Shared = Rc<RefCell<dyn StrategyRun>>;

/// One instrument's market, as a strategy sees it: the book of others, its own orders left out.
///
/// Prices are in ticks, quantities in lots.
#[pyclass(unsendable, frozen, module = "onetape._native")]
pub(crate) struct Market {
    shared: Shared,
    id: InstrumentId,
    pub(crate) symbol: Py<PyString>,
}

impl Market {
    pub(crate) fn new(py: Python<'_>, shared: &Shared, id: InstrumentId) -> Self {
        let run = shared.borrow();
        let instrument = run.view().instrument(id);
        let symbol = instrument.map(|i| String::from_utf8_lossy(i.symbol()).into_owned());
        let symbol = PyString::intern(py, symbol.as_deref().unwrap_or("")).unbind();
        Self { shared: Rc::clone(shared), id, symbol }
    }

    fn touch(&self) -> Touch {
        self.shared.borrow().view().touch(self.id)
    }

    fn depth(&self, side: Side, n: usize) -> Vec<(Ticks, Lots, u32)> {
        let run = self.shared.borrow();
        let mut levels = Vec::new();
        run.view().each_level(self.id, side, &mut |LevelView { price, qty, orders }| {
            if levels.len() < n {
                levels.push((price, qty, orders));
            }
            levels.len() < n
        });
        levels
    }
}

#[pymethods]
impl Market {
    /// The instrument's symbol.
    #[getter]
    fn symbol(&self, py: Python<'_>) -> Py<PyString> {
        self.symbol.clone_ref(py)
    }

    /// The instrument's id in the journal.
    #[getter]
    fn instrument_id(&self) -> InstrumentId {
        self.id
    }

    /// Best bid, ticks; 0 when nobody else bids.
    #[getter]
    fn bid_ticks(&self) -> Ticks {
        self.touch().bid
    }

    /// Quantity at the best bid, lots.
    #[getter]
    fn bid_lots(&self) -> Lots {
        self.touch().bid_qty
    }

    /// Best ask, ticks; 0 when nobody else offers.
    #[getter]
    fn ask_ticks(&self) -> Ticks {
        self.touch().ask
    }

    /// Quantity at the best ask, lots.
    #[getter]
    fn ask_lots(&self) -> Lots {
        self.touch().ask_qty
    }

    /// Step between allowed prices at the best bid (at the best ask if there is no bid), ticks.
    #[getter]
    fn increment_ticks(&self) -> Ticks {
        self.shared.borrow().view().increment(self.id)
    }

    /// Price of the last trade, ticks; None before the first.
    #[getter]
    fn last_trade_ticks(&self) -> Option<Ticks> {
        self.shared.borrow().view().last_trade(self.id)
    }

    /// The strategy's signed position, lots.
    #[getter]
    fn position_lots(&self) -> i64 {
        let run = self.shared.borrow();
        run.view().position(run.strategy(), self.id)
    }

    /// The best `n` bid levels of others, best first: (price in ticks, quantity in lots, orders).
    fn bids(&self, n: usize) -> Vec<(Ticks, Lots, u32)> {
        self.depth(Side::Buy, n)
    }

    /// The best `n` ask levels of others, best first: (price in ticks, quantity in lots, orders).
    fn asks(&self, n: usize) -> Vec<(Ticks, Lots, u32)> {
        self.depth(Side::Sell, n)
    }

    /// Orders and quantity (lots) ahead of one of your live orders in its queue; None if it does
    /// not rest.
    fn queue_ahead(&self, client_id: u64) -> Option<(u32, Lots)> {
        let run = self.shared.borrow();
        let position = run.view().queue_position(run.strategy(), self.id, client_id)?;
        Some((position.orders_ahead, position.qty_ahead))
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let touch = self.touch();
        format!(
            "<Market {}: {} x {} | {} x {}>",
            self.symbol.bind(py),
            touch.bid_qty,
            touch.bid,
            touch.ask,
            touch.ask_qty
        )
    }
}

/// What a strategy can ask for. `onetape.Strategy` adds the callbacks.
#[pyclass(subclass, unsendable, dict, module = "onetape._native")]
#[derive(Default)]
pub(crate) struct StrategyCore {
    pub(crate) shared: Option<Shared>,
}

impl StrategyCore {
    fn shared(&self) -> PyResult<&Shared> {
        self.shared.as_ref().ok_or_else(|| {
            PyRuntimeError::new_err(
                "the strategy is not running: ask in a callback, from on_start on",
            )
        })
    }

    /// The instrument of a market or a symbol.
    fn instrument(&self, of: &Bound<'_, PyAny>) -> PyResult<InstrumentId> {
        if let Ok(market) = of.cast::<Market>() {
            return Ok(market.borrow().id);
        }
        let Ok(text) = of.cast::<PyString>() else {
            let message = format!("expected a Market or a symbol, found {}", of.get_type());
            return Err(PyTypeError::new_err(message));
        };
        let name = text.to_cow()?;
        let run = self.shared()?.borrow();
        run.view()
            .find(name.as_bytes())
            .ok_or_else(|| PyKeyError::new_err(format!("no symbol {name} yet")))
    }
}

#[pymethods]
impl StrategyCore {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyAny>, _kwargs: Option<&Bound<'_, PyAny>>) -> Self {
        Self::default()
    }

    /// Have this two-sided quote: prices in ticks (None withdraws a side), quantities in lots.
    #[pyo3(signature = (market, bid=None, ask=None, qty=1, *, bid_qty=None, ask_qty=None))]
    fn quote(
        &self,
        market: &Bound<'_, PyAny>,
        bid: Option<Ticks>,
        ask: Option<Ticks>,
        qty: Lots,
        bid_qty: Option<Lots>,
        ask_qty: Option<Lots>,
    ) -> PyResult<()> {
        let instrument = self.instrument(market)?;
        let side = |price: Option<Ticks>, own: Option<Lots>| match price {
            Some(price) => QuoteSide { price, qty: own.unwrap_or(qty) },
            None => QuoteSide::default(),
        };
        let (bid, ask) = (side(bid, bid_qty), side(ask, ask_qty));
        if bid.qty != 0 && ask.qty != 0 && bid.price >= ask.price {
            let message =
                format!("a quote's bid ({}) must be below its ask ({})", bid.price, ask.price);
            return Err(PyValueError::new_err(message));
        }
        self.shared()?.borrow_mut().parts().1.quote(instrument, bid, ask);
        Ok(())
    }

    /// Ask for one order and get its client id. Without a price it is a market order; with a stop
    /// price it waits for it.
    #[pyo3(signature = (market, side, qty, price=None, *, order_type=None, time_in_force=None,
        post_only=false, stp_mode=1, display=0, min_qty=0, stop=None, peg_offset=0, expire_ns=0,
        hidden=false, reduce_only=false, parent=0))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one order")]
    fn send(
        &self,
        market: &Bound<'_, PyAny>,
        side: u8,
        qty: Lots,
        price: Option<Ticks>,
        order_type: Option<u8>,
        time_in_force: Option<u8>,
        post_only: bool,
        stp_mode: u8,
        display: Lots,
        min_qty: Lots,
        stop: Option<Ticks>,
        peg_offset: Ticks,
        expire_ns: i64,
        hidden: bool,
        reduce_only: bool,
        parent: u64,
    ) -> PyResult<u64> {
        let instrument = self.instrument(market)?;
        let expire_ts_ns = expire_ns;
        let terms = OrderTerms {
            instrument,
            side,
            qty,
            price,
            order_type,
            time_in_force,
            post_only,
            stp_mode,
            display,
            min_qty,
            stop,
            peg_offset,
            expire_ts_ns,
            hidden,
            reduce_only,
            parent,
        };
        terms.ask(self.shared()?.borrow_mut().parts().1)
    }

    /// Ask for a stop that is kept here, and get its group's id; the order has the next number. With
    /// `trail` its price follows the best trade.
    #[pyo3(signature = (market, side, qty, stop=None, *, limit=None, trail=0, stp_mode=1))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one order")]
    fn stop_order(
        &self,
        market: &Bound<'_, PyAny>,
        side: u8,
        qty: Lots,
        stop: Option<Ticks>,
        limit: Option<Ticks>,
        trail: Ticks,
        stp_mode: u8,
    ) -> PyResult<u64> {
        let instrument = self.instrument(market)?;
        let leg = LegAt { instrument, side, qty, price: limit, stop, trail, post_only: false };
        let mut run = self.shared()?.borrow_mut();
        LegAt::ask(&[leg], GroupKind::Alone, stp_mode, run.parts().1)
    }

    /// Ask for a limit order and a stop that is kept here, of which one cancels the other; get the
    /// group's id.
    #[pyo3(signature = (market, side, qty, price, stop=None, *, stop_side=None, stop_limit=None,
        trail=0, post_only=false, stp_mode=1))]
    #[expect(clippy::too_many_arguments, reason = "keywords of two orders")]
    fn oco(
        &self,
        market: &Bound<'_, PyAny>,
        side: u8,
        qty: Lots,
        price: Ticks,
        stop: Option<Ticks>,
        stop_side: Option<u8>,
        stop_limit: Option<Ticks>,
        trail: Ticks,
        post_only: bool,
        stp_mode: u8,
    ) -> PyResult<u64> {
        let instrument = self.instrument(market)?;
        let limit =
            LegAt { instrument, side, qty, price: Some(price), stop: None, trail: 0, post_only };
        let side = stop_side.unwrap_or(side);
        let kept = LegAt { side, price: stop_limit, stop, trail, post_only: false, ..limit };
        let mut run = self.shared()?.borrow_mut();
        LegAt::ask(&[limit, kept], GroupKind::OneCancelsOther, stp_mode, run.parts().1)
    }

    /// Ask for an order that triggers another by what it trades; get the group's id. The other has the
    /// opposite side unless `then_side` says it, and the same quantity unless `then_qty` does.
    #[pyo3(signature = (market, side, qty, price=None, *, then_price=None, then_stop=None,
        then_side=None, then_qty=None, trail=0, post_only=false, stp_mode=1))]
    #[expect(clippy::too_many_arguments, reason = "keywords of two orders")]
    fn oto(
        &self,
        market: &Bound<'_, PyAny>,
        side: u8,
        qty: Lots,
        price: Option<Ticks>,
        then_price: Option<Ticks>,
        then_stop: Option<Ticks>,
        then_side: Option<u8>,
        then_qty: Option<Lots>,
        trail: Ticks,
        post_only: bool,
        stp_mode: u8,
    ) -> PyResult<u64> {
        let instrument = self.instrument(market)?;
        let first = LegAt { instrument, side, qty, price, stop: None, trail: 0, post_only };
        let then = LegAt {
            side: then_side.unwrap_or(3_u8.saturating_sub(side)),
            qty: then_qty.unwrap_or(qty),
            price: then_price,
            stop: then_stop,
            trail,
            post_only: false,
            ..first
        };
        let mut run = self.shared()?.borrow_mut();
        LegAt::ask(&[first, then], GroupKind::OneTriggersOther, stp_mode, run.parts().1)
    }

    /// Ask for an entry (without a price a market order) with a limit order that takes the profit and
    /// a stop that is kept here, both sized to what the entry trades; get the group's id.
    #[pyo3(signature = (market, side, qty, price=None, *, profit, loss=None, loss_limit=None,
        trail=0, post_only=false, stp_mode=1))]
    #[expect(clippy::too_many_arguments, reason = "keywords of three orders")]
    fn bracket(
        &self,
        market: &Bound<'_, PyAny>,
        side: u8,
        qty: Lots,
        price: Option<Ticks>,
        profit: Ticks,
        loss: Option<Ticks>,
        loss_limit: Option<Ticks>,
        trail: Ticks,
        post_only: bool,
        stp_mode: u8,
    ) -> PyResult<u64> {
        let instrument = self.instrument(market)?;
        let entry = LegAt { instrument, side, qty, price, stop: None, trail: 0, post_only };
        let exit = LegAt { side: 3_u8.saturating_sub(side), post_only: false, ..entry };
        let profit = LegAt { price: Some(profit), ..exit };
        let loss = LegAt { price: loss_limit, stop: loss, trail, ..exit };
        let mut run = self.shared()?.borrow_mut();
        LegAt::ask(&[entry, profit, loss], GroupKind::Bracket, stp_mode, run.parts().1)
    }

    /// Begin a parent order, to be worked by children (`send(…, parent=…)`), and get its id. Its
    /// children never trade more than `qty` lots; there are at most `children_max` of them.
    #[pyo3(signature = (market, side, qty, *, children_max=10_000))]
    fn open_parent(
        &self,
        market: &Bound<'_, PyAny>,
        side: u8,
        qty: Lots,
        children_max: u32,
    ) -> PyResult<u64> {
        let instrument_id = self.instrument(market)?;
        let parent = OpenParent {
            parent_id: 0,
            qty_lots: qty,
            strategy_id: 0,
            instrument_id,
            children_max,
            side,
            reserved: [0; 3],
        };
        Ok(self.shared()?.borrow_mut().parts().1.open_parent(parent))
    }

    /// End a parent order: no child follows. Those that live are not touched.
    fn close_parent(&self, parent_id: u64) -> PyResult<()> {
        self.shared()?.borrow_mut().parts().1.close_parent(parent_id);
        Ok(())
    }

    /// Ask to cancel an order, or to shrink it to `qty` lots, executed part included.
    #[pyo3(signature = (client_id, qty=0))]
    fn cancel(&self, client_id: u64, qty: Lots) -> PyResult<()> {
        let mut run = self.shared()?.borrow_mut();
        let (view, host) = run.parts();
        host.cancel(view, client_id, qty);
        Ok(())
    }

    /// Ask to replace an order's price (ticks) and quantity (lots, executed part included) and get
    /// the replacement's client id. It goes to the back of its queue.
    #[pyo3(signature = (client_id, price, qty))]
    fn replace(&self, client_id: u64, price: Ticks, qty: Lots) -> PyResult<u64> {
        let mut run = self.shared()?.borrow_mut();
        let (view, host) = run.parts();
        Ok(host.replace(view, client_id, price, qty))
    }

    /// Ask to cancel all your orders, in one market or in all.
    #[pyo3(signature = (market=None))]
    fn cancel_all(&self, market: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let instrument = market.map_or(Ok(0), |market| self.instrument(market))?;
        self.shared()?.borrow_mut().parts().1.cancel_all(instrument);
        Ok(())
    }

    /// Have `on_timer` called with `timer_id`, `after_ns` nanoseconds of journal time from now.
    #[pyo3(signature = (after_ns, timer_id=0))]
    fn set_timer(&self, after_ns: i64, timer_id: u32) -> PyResult<()> {
        if after_ns < 0 {
            let message = format!("after_ns must be 0 or more, found {after_ns}");
            return Err(PyValueError::new_err(message));
        }
        let mut run = self.shared()?.borrow_mut();
        let (view, host) = run.parts();
        host.set_timer(view.now().saturating_add(after_ns), timer_id);
        Ok(())
    }

    /// Journal time, nanoseconds since the Unix epoch, UTC.
    #[getter]
    fn now_ns(&self) -> PyResult<i64> {
        Ok(self.shared()?.borrow().view().now())
    }

    /// Your signed position in a market, lots.
    fn position(&self, market: &Bound<'_, PyAny>) -> PyResult<i64> {
        let instrument = self.instrument(market)?;
        let run = self.shared()?.borrow();
        Ok(run.view().position(run.strategy(), instrument))
    }

    /// Your live orders in a market, or in all; a quote's orders are among them.
    #[pyo3(signature = (market=None))]
    fn orders(&self, market: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<LiveOrder>> {
        let wanted = market.map_or(Ok(0), |market| self.instrument(market))?;
        let run = self.shared()?.borrow();
        let view = run.view();
        let live = view.orders(run.strategy()).into_iter().flat_map(OrderTable::live);
        let live = live.filter(|order| wanted == 0 || order.instrument == wanted);
        Ok(live.map(|order| LiveOrder::new(view, order)).collect())
    }

    /// The market of a symbol.
    fn market(&self, py: Python<'_>, symbol: &Bound<'_, PyAny>) -> PyResult<Market> {
        Ok(Market::new(py, self.shared()?, self.instrument(symbol)?))
    }
}
