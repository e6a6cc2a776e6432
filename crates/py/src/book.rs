// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The order books for Python: `onetape.book` gives the arrays their names.
//!
//! Arrays are `uint64`, a row a record; prices stand in them as their 64 bits.

use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use onetape_core::book::{BookError, Books, BooksConfig, Change, LevelView, OrderView, Outcome};
use onetape_core::component::Snapshot;
use onetape_core::events::{MarketUpdated, Side};
use onetape_core::types::{InstrumentId, Lots, Ticks};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::errors::{raise, unmapped};

/// `order_ref, instrument_id, side, price_ticks, qty_lots, owner`.
type PyOrder = (u64, InstrumentId, u8, Ticks, Lots, u32);
/// `instrument_id, side, price_ticks, qty_taken_lots, leaves_lots, overfilled, bbo_changed`.
type PyChange = (InstrumentId, u8, Ticks, Lots, Lots, bool, bool);
/// `price_ticks, qty_lots, orders`.
type PyLevel = (Ticks, Lots, u32);

/// Books that stand alone: a test's, a study's.
#[pyclass(name = "Books", module = "onetape._native")]
pub(crate) struct PyBooks {
    books: Books,
}

/// A side by its number in the journal.
pub(crate) fn side_of(py: Python<'_>, raw: u8) -> PyResult<Side> {
    Side::from_raw(raw)
        .ok_or_else(|| book_error(py, BookError::Field { field: "side", value: raw }))
}

fn array<const N: usize>(
    py: Python<'_>,
    rows: impl Iterator<Item = [u64; N]>,
) -> PyResult<Bound<'_, PyArray2<u64>>> {
    let flat: Vec<u64> = rows.flatten().collect();
    let count = flat.len() / N;
    PyArray1::from_vec(py, flat).reshape([count, N])
}

/// Up to `count` levels, best first: price, quantity, orders.
pub(crate) fn levels<'py>(
    py: Python<'py>,
    books: &Books,
    instrument: InstrumentId,
    side: Side,
    count: usize,
) -> PyResult<Bound<'py, PyArray2<u64>>> {
    let row = |level: LevelView| [level.price.cast_unsigned(), level.qty, level.orders.into()];
    array(py, books.levels(instrument, side).take(count).map(row))
}

/// The orders at a price by priority: reference, quantity, owner.
pub(crate) fn queue<'py>(
    py: Python<'py>,
    books: &Books,
    instrument: InstrumentId,
    side: Side,
    price: Ticks,
) -> PyResult<Bound<'py, PyArray2<u64>>> {
    let row = |order: OrderView| [order.order_ref, order.qty, order.owner.into()];
    array(py, books.orders(instrument, side, price).map(row))
}

/// For each reference: orders ahead (all ones when no such order rests), quantity ahead.
pub(crate) fn positions<'py>(
    py: Python<'py>,
    books: &Books,
    order_refs: &[u64],
) -> PyResult<Bound<'py, PyArray2<u64>>> {
    let row = |&order_ref: &u64| match books.queue_position(order_ref) {
        Some(position) => [position.orders_ahead.into(), position.qty_ahead],
        None => [u64::MAX, 0],
    };
    array(py, order_refs.iter().map(row))
}

/// The order with a reference.
pub(crate) fn order(books: &Books, order_ref: u64) -> Option<PyOrder> {
    let order = books.order(order_ref)?;
    let OrderView { instrument, side, price, qty, owner, .. } = order;
    Some((order_ref, instrument, side.raw(), price, qty, owner))
}

/// The best level of a side.
pub(crate) fn best(books: &Books, instrument: InstrumentId, side: Side) -> Option<PyLevel> {
    let level = books.best(instrument, side)?;
    Some((level.price, level.qty, level.orders))
}

fn change_tuple(change: Change) -> PyChange {
    let Change { instrument, side, price, qty_taken, leaves, overfilled, bbo_changed } = change;
    (instrument, side.raw(), price, qty_taken, leaves, overfilled, bbo_changed)
}

/// What became of many updates.
#[derive(Default)]
struct Tally {
    applied: u64,
    unconcerned: u64,
    orders_unknown: u64,
    orders_duplicate: u64,
    orders_overfilled: u64,
    capacity_rejects: u64,
    refused: u64,
    bbo_changes: u64,
}

impl Tally {
    fn count(&mut self, outcome: Result<Outcome, BookError>) {
        match outcome {
            Ok(outcome) => {
                self.bbo_changes += u64::from(outcome.bbo_changed());
                match outcome {
                    Outcome::Unconcerned => self.unconcerned += 1,
                    Outcome::Changed(change) => {
                        self.applied += 1;
                        self.orders_overfilled += u64::from(change.overfilled);
                    }
                    _ => self.applied += 1,
                }
            }
            Err(BookError::Unknown { .. }) => self.orders_unknown += 1,
            Err(BookError::Duplicate { .. }) => self.orders_duplicate += 1,
            Err(BookError::Full { .. }) => self.capacity_rejects += 1,
            Err(_) => self.refused += 1,
        }
    }

    fn dict(self, py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("applied", self.applied)?;
        dict.set_item("unconcerned", self.unconcerned)?;
        dict.set_item("orders_unknown", self.orders_unknown)?;
        dict.set_item("orders_duplicate", self.orders_duplicate)?;
        dict.set_item("orders_overfilled", self.orders_overfilled)?;
        dict.set_item("capacity_rejects", self.capacity_rejects)?;
        dict.set_item("refused", self.refused)?;
        dict.set_item("bbo_changes", self.bbo_changes)?;
        Ok(dict)
    }
}

#[pymethods]
impl PyBooks {
    #[new]
    #[pyo3(signature = (orders_max, instruments_max, window_levels))]
    fn new(
        py: Python<'_>,
        orders_max: u32,
        instruments_max: u32,
        window_levels: u32,
    ) -> PyResult<Self> {
        if orders_max == 0 || orders_max >= 1 << 28 || instruments_max >= 1 << 20 {
            let message = format!(
                "orders_max must be from 1 to 2^28 - 1 and instruments_max below 2^20, \
                 found {orders_max} and {instruments_max}"
            );
            return Err(raise(py, "BookError", "BOK-001", &message, "give limits in that range"));
        }
        let config = BooksConfig { orders_max, instruments_max, window_levels };
        Ok(Self { books: Books::new(config) })
    }

    fn define(&mut self, py: Python<'_>, instrument_id: u32, step_ticks: i64) -> PyResult<()> {
        self.books.define(instrument_id, step_ticks).map_err(|err| book_error(py, err))
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of an order")]
    fn add(
        &mut self,
        py: Python<'_>,
        instrument_id: u32,
        order_ref: u64,
        side: u8,
        price_ticks: i64,
        qty_lots: u64,
        owner: u32,
    ) -> PyResult<()> {
        let side = side_of(py, side)?;
        let added = self.books.add(instrument_id, order_ref, side, price_ticks, qty_lots, owner);
        added.map(|_| ()).map_err(|err| book_error(py, err))
    }

    fn execute(&mut self, py: Python<'_>, order_ref: u64, qty_lots: u64) -> PyResult<PyChange> {
        let change = self.books.execute(order_ref, qty_lots);
        change.map(change_tuple).map_err(|err| book_error(py, err))
    }

    fn reduce(&mut self, py: Python<'_>, order_ref: u64, qty_lots: u64) -> PyResult<PyChange> {
        let change = self.books.reduce(order_ref, qty_lots);
        change.map(change_tuple).map_err(|err| book_error(py, err))
    }

    fn delete(&mut self, py: Python<'_>, order_ref: u64) -> PyResult<PyChange> {
        self.books.delete(order_ref).map(change_tuple).map_err(|err| book_error(py, err))
    }

    fn replace(
        &mut self,
        py: Python<'_>,
        order_ref: u64,
        new_ref: u64,
        price_ticks: i64,
        qty_lots: u64,
    ) -> PyResult<PyChange> {
        let change = self.books.replace(order_ref, new_ref, price_ticks, qty_lots);
        change.map(change_tuple).map_err(|err| book_error(py, err))
    }

    fn set(
        &mut self,
        py: Python<'_>,
        order_ref: u64,
        price_ticks: i64,
        qty_lots: u64,
    ) -> PyResult<PyChange> {
        let change = self.books.set(order_ref, price_ticks, qty_lots);
        change.map(change_tuple).map_err(|err| book_error(py, err))
    }

    fn clear(&mut self, instrument_id: u32) -> u32 {
        self.books.clear(instrument_id)
    }

    /// Applies the bodies of many `MarketUpdated`, and says what became of them.
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 gives a borrow of the array by value")]
    fn apply<'py>(
        &mut self,
        py: Python<'py>,
        bodies: PyReadonlyArray1<'py, u8>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut tally = Tally::default();
        let bytes = bodies.as_slice()?;
        for body in bytes.chunks_exact(MarketUpdated::SIZE) {
            if let Some(update) = MarketUpdated::decode(body) {
                tally.count(self.books.apply_market(&update));
            }
        }
        tally.dict(py)
    }

    fn levels<'py>(
        &self,
        py: Python<'py>,
        instrument_id: u32,
        side: u8,
        count: usize,
    ) -> PyResult<Bound<'py, PyArray2<u64>>> {
        levels(py, &self.books, instrument_id, side_of(py, side)?, count)
    }

    fn queue<'py>(
        &self,
        py: Python<'py>,
        instrument_id: u32,
        side: u8,
        price_ticks: i64,
    ) -> PyResult<Bound<'py, PyArray2<u64>>> {
        queue(py, &self.books, instrument_id, side_of(py, side)?, price_ticks)
    }

    #[expect(clippy::needless_pass_by_value, reason = "PyO3 gives a borrow of the array by value")]
    fn positions<'py>(
        &self,
        py: Python<'py>,
        order_refs: PyReadonlyArray1<'py, u64>,
    ) -> PyResult<Bound<'py, PyArray2<u64>>> {
        positions(py, &self.books, order_refs.as_slice()?)
    }

    fn order(&self, order_ref: u64) -> Option<PyOrder> {
        order(&self.books, order_ref)
    }

    fn best(&self, py: Python<'_>, instrument_id: u32, side: u8) -> PyResult<Option<PyLevel>> {
        Ok(best(&self.books, instrument_id, side_of(py, side)?))
    }

    fn live_orders(&self) -> u32 {
        self.books.live_orders()
    }

    fn instruments(&self) -> Vec<u32> {
        self.books.instruments().collect()
    }

    fn state_hash(&self) -> u64 {
        self.books.state_hash()
    }

    fn save<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut out = vec![];
        self.books.save(&mut out);
        PyBytes::new(py, &out)
    }

    fn restore(&mut self, py: Python<'_>, mut data: &[u8]) -> PyResult<()> {
        let restored = self.books.restore(&mut data);
        if restored.is_err() || !data.is_empty() {
            let message = format!("these bytes are no snapshot of books: {restored:?}");
            let hint = "give the bytes of save(), and limits no lower than they were then";
            return Err(raise(py, "BookError", "BOK-009", &message, hint));
        }
        Ok(())
    }
}

/// A call that a book refused; the book is unchanged.
pub(crate) fn book_error(py: Python<'_>, err: BookError) -> PyErr {
    let make = |code, message: String, hint| raise(py, "BookError", code, &message, hint);
    match err {
        BookError::Full { orders_max } => make(
            "BOK-002",
            format!("the books hold {orders_max} orders, as many as they were made for"),
            "raise orders_max",
        ),
        BookError::Duplicate { order_ref } => make(
            "BOK-003",
            format!("an order with reference {order_ref} is in the book already"),
            "look whether the message was repeated",
        ),
        BookError::Unknown { order_ref } => make(
            "BOK-004",
            format!("no order with reference {order_ref} is in the book"),
            "look whether messages are missing before this one",
        ),
        BookError::Instrument { instrument } => make(
            "BOK-005",
            format!("instrument {instrument} is not defined, or above instruments_max"),
            "define it first, with an id from 1 to instruments_max",
        ),
        BookError::Step { step } => make(
            "BOK-006",
            format!(
                "a step of {step} ticks is not from 1 to 2^31 - 1, or not the one defined before"
            ),
            "define an instrument once, with the step that most of its prices keep to",
        ),
        BookError::Price { price } => make(
            "BOK-007",
            format!("price {price} is beyond plus or minus 2^61 ticks"),
            "use a larger tick",
        ),
        BookError::Qty { qty } => make(
            "BOK-008",
            format!("quantity {qty} is zero, or too much for the sum of its level"),
            "give a quantity of at least 1 lot, and lots so large that sums fit in 64 bits",
        ),
        BookError::Field { field, value } => make(
            "BOK-010",
            format!("{field} is {value}, which the schema does not define"),
            "see docs/reference/events.md for the numbers there are",
        ),
        _ => unmapped(py, &err),
    }
}
