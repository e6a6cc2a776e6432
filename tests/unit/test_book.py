# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The order books from Python: what is shown, what is counted, what is refused."""

import numpy as np
import pytest

from onetape.book import LEVEL_DTYPE, POSITION_DTYPE, Applied, Books
from onetape.errors import BookError
from onetape.events import MarketAction, MarketUpdated, Side


@pytest.fixture
def books() -> Books:
    books = Books(orders_max=8, instruments_max=3)
    books.define(1, step_ticks=100)
    books.add(1, 11, Side.BUY, 10_000, 5)
    books.add(1, 12, Side.BUY, 10_000, 7, owner=3)
    books.add(1, 13, Side.BUY, 9_900, 1)
    books.add(1, 14, Side.SELL, 10_200, 4)
    return books


def test_levels_are_arrays_best_first(books):
    bids = books[1].bids()
    assert bids.dtype == LEVEL_DTYPE
    assert bids.tolist() == [(10_000, 12, 2), (9_900, 1, 1)]
    assert books[1].bids(1)["price_ticks"].tolist() == [10_000]
    assert books[1].asks(5).tolist() == [(10_200, 4, 1)]
    assert len(books[2].asks()) == 0


def test_best_prices_and_empty_sides(books):
    assert books[1].best_bid == (10_000, 12, 2)
    books.delete(14)
    assert books[1].best_ask is None
    assert (books[2].best_bid, books[3].best_ask) == (None, None)


def test_queues_and_positions(books):
    book = books[1]
    assert book.queue(Side.BUY, 10_000).tolist() == [(11, 5, 0), (12, 7, 3)]
    assert len(book.queue(Side.SELL, 10_000)) == 0
    assert book.position(12) == (1, 5)
    assert book.position(99) is None
    positions = book.position(np.array([12, 99, 13]))
    assert positions.dtype == POSITION_DTYPE
    assert positions.tolist() == [(1, 5), (-1, 0), (0, 0)]
    assert book.order(12) == (12, 1, Side.BUY, 10_000, 7, 3)
    assert book.order(99) is None
    assert books[2].order(12) is None


def test_an_execution_keeps_the_place_and_a_replacement_loses_it(books):
    assert books.execute(11, 2) == (1, Side.BUY, 10_000, 2, 3, False, True)
    assert books[1].position(11) == (0, 0)
    assert books.replace(11, 15, 10_000, 3) == (1, Side.BUY, 10_000, 3, 3, False, False)
    assert books[1].queue(Side.BUY, 10_000)["order_ref"].tolist() == [12, 15]
    assert books.set(15, 10_000, 2).leaves_lots == 2
    assert books.set(12, 10_000, 9).leaves_lots == 9
    assert books[1].queue(Side.BUY, 10_000)["order_ref"].tolist() == [15, 12]


def test_more_than_an_order_has_is_cut_and_said(books):
    change = books.execute(14, 9)
    assert (change.qty_taken_lots, change.leaves_lots, change.overfilled) == (4, 0, True)
    assert books[1].order(14) is None


def test_a_crossed_book_is_shown_as_it_is(books):
    books.add(1, 16, Side.BUY, 10_300, 1)
    books.add(1, 17, Side.SELL, 9_000, 1)
    assert books[1].best_bid[0] == 10_300
    assert books[1].best_ask[0] == 9_000


def test_the_stub_quotes_of_a_day_stand_beside_the_touch(books):
    books.add(1, 21, Side.BUY, 1, 100)
    books.add(1, 22, Side.SELL, 1_999_999_900, 100)
    assert books[1].bids()["price_ticks"].tolist() == [10_000, 9_900, 1]
    assert books[1].asks()["price_ticks"].tolist() == [10_200, 1_999_999_900]
    books.delete(14)
    assert books[1].best_ask == (1_999_999_900, 100, 1)


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("BOK-001", lambda books: Books(orders_max=0)),
        ("BOK-003", lambda books: books.add(1, 11, Side.BUY, 100, 1)),
        ("BOK-004", lambda books: books.delete(99)),
        ("BOK-004", lambda books: books.execute(99, 1)),
        ("BOK-004", lambda books: books.set(99, 100, 1)),
        ("BOK-005", lambda books: books.add(2, 20, Side.BUY, 100, 1)),
        ("BOK-005", lambda books: books.define(4, 1)),
        ("BOK-006", lambda books: books.define(1, 1)),
        ("BOK-006", lambda books: books.define(2, 0)),
        ("BOK-007", lambda books: books.add(1, 20, Side.BUY, 1 << 62, 1)),
        ("BOK-008", lambda books: books.add(1, 20, Side.BUY, 100, 0)),
        ("BOK-008", lambda books: books.add(1, 20, Side.BUY, 9_900, (1 << 64) - 1)),
        ("BOK-009", lambda books: Books(orders_max=3).restore(books.save())),
        ("BOK-009", lambda books: books.restore(books.save()[:-1])),
        ("BOK-010", lambda books: books.add(1, 20, 3, 100, 1)),
    ],
)
def test_bad_calls_say_what_and_what_to_do(books, code, call):
    with pytest.raises(BookError) as caught:
        call(books)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_full_book_refuses_and_still_replaces(books):
    for ref in range(20, 24):
        books.add(1, ref, Side.SELL, 10_500, 1)
    with pytest.raises(BookError) as caught:
        books.add(1, 30, Side.SELL, 10_500, 1)
    assert caught.value.code == "BOK-002"
    assert books.replace(23, 30, 10_400, 1).leaves_lots == 1
    assert len(books) == 8


def test_updates_in_bulk_are_counted():
    books = Books(orders_max=2, instruments_max=1)
    books.define(1, step_ticks=1)
    rows = [
        (MarketAction.ADD, 1, 0, 100, 5, Side.BUY),
        (MarketAction.ADD, 1, 0, 100, 5, Side.BUY),
        (MarketAction.ADD, 2, 0, 101, 5, Side.SELL),
        (MarketAction.ADD, 3, 0, 102, 5, Side.SELL),
        (MarketAction.EXECUTE, 2, 0, 0, 9, 0),
        (MarketAction.DELETE, 2, 0, 0, 0, 0),
        (MarketAction.TRADE, 9, 0, 100, 5, 0),
        (MarketAction.ADD, 4, 0, 102, 5, 0),
        (77, 4, 0, 102, 5, 0),
    ]
    updates = np.zeros(len(rows), MarketUpdated.DTYPE)
    for row, fields in zip(updates, rows, strict=True):
        row["action"], row["order_ref"], row["other_ref"] = fields[:3]
        row["price_ticks"], row["qty_lots"], row["side"] = fields[3:]
        row["instrument_id"] = 1
    assert books.apply(updates) == Applied(
        applied=3,
        unconcerned=1,
        orders_unknown=1,
        orders_duplicate=1,
        orders_overfilled=1,
        capacity_rejects=1,
        refused=2,
        bbo_changes=3,
    )
    assert books.apply(updates[::2]).applied == 2
    with pytest.raises(TypeError, match="venue_ts_ns"):
        books.apply(np.zeros(3, np.int64))


def test_equal_books_have_equal_hashes_whatever_came_before(books):
    other = Books(orders_max=100, instruments_max=9, window_levels=4_096)
    other.define(1, step_ticks=100)
    for ref, side, price, qty in [(13, Side.BUY, 9_900, 1), (1, Side.BUY, 9_900, 1)]:
        other.add(1, ref, side, price, qty)
    other.delete(1)
    other.add(1, 14, Side.SELL, 10_200, 9)
    other.add(1, 11, Side.BUY, 10_000, 5)
    other.add(1, 12, Side.BUY, 10_000, 7, owner=3)
    assert other.state_hash() != books.state_hash()
    other.reduce(14, 5)
    assert other.state_hash() == books.state_hash()
    assert other.save() == books.save()
    # The queue's order is part of it.
    other.replace(11, 11, 10_000, 5)
    assert other.state_hash() != books.state_hash()
    assert other.instruments == [1]
