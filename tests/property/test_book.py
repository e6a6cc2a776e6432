# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The books equal the plain book after every call: levels, queues, positions, changes, errors."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.models.plain_book import PlainBooks, RefusedError

from onetape.book import Books
from onetape.errors import BookError
from onetape.events import MarketAction, MarketUpdated, Side

SIDES = st.sampled_from([Side.BUY, Side.SELL])
# Near one another, so that they meet; far off, off the step, below zero, and past the end.
PRICES = st.one_of(
    st.integers(990, 1_010).map(lambda price: price * 100),
    st.integers(1, 5),
    st.sampled_from([1_999_999_900, -100, 0, 100_050, 1 << 32, 1 << 61, -(1 << 61), 1 << 62]),
    st.integers(-(1 << 61), 1 << 61),
)
REFS = st.one_of(st.integers(0, 12), st.sampled_from([1 << 20, 1 << 41, (1 << 64) - 1]))
QTYS = st.one_of(
    st.integers(0, 9), st.sampled_from([(1 << 32) - 1, 1 << 32, 1 << 63, (1 << 64) - 1])
)
INSTRUMENTS = st.sampled_from([1, 2, 3])


def outcome(call, *args):
    """Return what a call gives, or the code of its refusal."""
    try:
        result = call(*args)
    except (BookError, RefusedError) as error:
        return error.code
    return tuple(result) if isinstance(result, tuple) else result


def assert_equal(books: Books, plain: PlainBooks) -> None:
    assert len(books) == len(plain.orders)
    for instrument in (1, 2):
        book = books[instrument]
        for side, levels, best in (
            (Side.BUY, book.bids(99), book.best_bid),
            (Side.SELL, book.asks(99), book.best_ask),
        ):
            expected = plain.levels(instrument, side)
            assert [tuple(level) for level in levels.tolist()] == expected
            assert best == plain.best(instrument, side)
            for price, _, _ in expected:
                queue = plain.queue(instrument, side, price)
                assert book.queue(side, price).tolist() == [
                    (order.order_ref, order.qty, order.owner) for order in queue
                ]
                refs = np.array([order.order_ref for order in queue], np.uint64)
                positions = [plain.position(order.order_ref) for order in queue]
                assert book.position(refs).tolist() == positions
                first = queue[0]
                assert book.order(first.order_ref) == (
                    first.order_ref,
                    instrument,
                    side,
                    price,
                    first.qty,
                    first.owner,
                )


class BooksAreThePlainBooks(RuleBasedStateMachine):
    @initialize()
    def start(self):
        self.books = Books(orders_max=8, instruments_max=2, window_levels=256)
        self.books.define(1, step_ticks=100)
        self.books.define(2, step_ticks=1)
        self.plain = PlainBooks(orders_max=8, instruments={1, 2})

    def both(self, name, *args):
        expected = outcome(getattr(self.plain, name), *args)
        assert outcome(getattr(self.books, name), *args) == expected

    @rule(instrument=INSTRUMENTS, ref=REFS, side=SIDES, price=PRICES, qty=QTYS, owner=st.booleans())
    def add(self, instrument, ref, side, price, qty, owner):
        expected = outcome(self.plain.add, instrument, ref, side, price, qty, int(owner))
        found = outcome(lambda: self.books.add(instrument, ref, side, price, qty, owner=int(owner)))
        assert found == expected

    @rule(ref=REFS, qty=QTYS)
    def reduce(self, ref, qty):
        self.both("reduce", ref, qty)

    @rule(ref=REFS)
    def delete(self, ref):
        self.both("delete", ref)

    @rule(ref=REFS, new_ref=REFS, price=PRICES, qty=QTYS)
    def replace(self, ref, new_ref, price, qty):
        self.both("replace", ref, new_ref, price, qty)

    @rule(ref=REFS, price=PRICES, qty=QTYS)
    def set(self, ref, price, qty):
        self.both("set", ref, price, qty)

    @rule(instrument=INSTRUMENTS)
    def clear(self, instrument):
        self.both("clear", instrument)

    @rule()
    def restore(self):
        saved, digest = self.books.save(), self.books.state_hash()
        self.books = Books(orders_max=8, instruments_max=2, window_levels=4_096)
        self.books.restore(saved)
        assert (self.books.state_hash(), self.books.save()) == (digest, saved)

    @invariant()
    def equal(self):
        if hasattr(self, "books"):
            assert_equal(self.books, self.plain)


BooksAreThePlainBooks.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestBooksAreThePlainBooks = BooksAreThePlainBooks.TestCase


def random_updates(seed: int, count: int) -> np.ndarray:
    """Make updates of which most are possible: a flow that gathers and loses orders."""
    draws = random.Random(seed)
    updates = np.zeros(count, MarketUpdated.DTYPE)
    for row in updates:
        kinds = [1] * 9 + [2, 3, 4, 4, 4, 4, 5, 5, 6, 8, 11]
        kind = draws.choice(kinds) if draws.random() < 0.999 else 9
        row["action"], row["instrument_id"] = kind, draws.choice([1, 1, 1, 2])
        row["order_ref"], row["other_ref"] = draws.randrange(90), draws.randrange(90)
        row["side"] = draws.choice([1, 2])
        row["price_ticks"] = 100 * draws.choice([500, 501, 502, 503, 504, 505, 506, 900])
        row["qty_lots"] = draws.randrange(20)
    return updates


def apply_plain(plain: PlainBooks, row: np.void) -> None:
    ref, other, price = int(row["order_ref"]), int(row["other_ref"]), int(row["price_ticks"])
    qty, instrument = int(row["qty_lots"]), int(row["instrument_id"])
    match MarketAction(int(row["action"])):
        case MarketAction.ADD:
            plain.add(instrument, ref, Side(int(row["side"])), price, qty)
        case MarketAction.EXECUTE | MarketAction.REDUCE:
            plain.reduce(ref, qty)
        case MarketAction.DELETE:
            plain.delete(ref)
        case MarketAction.REPLACE:
            plain.replace(ref, other, price, qty)
        case MarketAction.SET:
            plain.set(ref, price, qty)
        case MarketAction.CLEAR:
            plain.clear(instrument)
        case _:
            pass


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=10)
def test_updates_in_bulk_equal_the_plain_book(seed):
    compare_in_bulk(seed, count=600, bulk=7)


@pytest.mark.slow
def test_a_long_flow_equals_the_plain_book():
    compare_in_bulk(2_026, count=60_000, bulk=50)


def compare_in_bulk(seed: int, count: int, bulk: int) -> None:
    books = Books(orders_max=60, instruments_max=2, window_levels=256)
    books.define(1, step_ticks=100)
    books.define(2, step_ticks=100)
    plain = PlainBooks(orders_max=60, instruments={1, 2})
    updates = random_updates(seed, count)
    for start in range(0, count, bulk):
        some = updates[start : start + bulk]
        applied = books.apply(some)
        codes = [outcome(apply_plain, plain, row) for row in some]
        assert applied.orders_unknown == codes.count("BOK-004")
        assert applied.orders_duplicate == codes.count("BOK-003")
        assert applied.capacity_rejects == codes.count("BOK-002")
        assert applied.refused == codes.count("BOK-008")
        assert applied.applied + applied.unconcerned == codes.count(None)
        assert_equal(books, plain)


def test_arbitrary_bytes_never_break_the_books():
    draws = np.random.default_rng(7)
    books = Books(orders_max=100, instruments_max=3, window_levels=256)
    books.define(1, step_ticks=100)
    noise = draws.integers(0, 256, (20_000, MarketUpdated.DTYPE.itemsize), np.uint8)
    updates = noise.reshape(-1).view(MarketUpdated.DTYPE)
    total = sum(books.apply(updates)[:7]) - books.apply(updates[:0]).orders_overfilled
    assert total == len(updates)
    updates["instrument_id"], updates["side"] = 1, 1
    updates["action"] %= 12
    assert books.apply(updates).applied > 0
