# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Books told by level: what becomes an event, and the rule that keeps Binance's in step."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetape.book import Books
from onetape.events import MarketAction, MarketUpdated, Side
from onetape.feed.binance import (
    BookTicker,
    DepthDiff,
    DepthSnapshot,
    DepthSync,
    read_message,
    read_snapshot,
)
from onetape.feed.levels import REFS_PER_INSTRUMENT, LevelBook, Quantity
from onetape.types import Instrument

COIN = Instrument(id=3, symbol="BTCUSDT", tick_e9=10_000_000, lot_e9=10)


def diff(first: int, last: int, *, bids=(), asks=(), previous: int | None = None) -> DepthDiff:
    return DepthDiff(7, "BTCUSDT", first, last, bids, asks, previous)


def snapshot(last: int, bids=(("10", "1"),), asks=(("11", "2"),)) -> DepthSnapshot:
    return DepthSnapshot(last, bids, asks)


def actions(events: list[MarketUpdated]) -> list[str]:
    return [MarketAction(event.action).name for event in events]


def live(last: int = 100, **more) -> DepthSync:
    sync = DepthSync(COIN, **more)
    sync.on_snapshot(snapshot(last))
    assert sync.is_live
    return sync


def best(sync: DepthSync) -> tuple[int, int, int, int]:
    bid, ask = sync.book.best(Side.BUY), sync.book.best(Side.SELL)
    assert bid
    assert ask
    return bid.price_ticks, ask.price_ticks, bid.qty_lots, ask.qty_lots


@given(
    st.lists(st.tuples(st.sampled_from(Side), st.integers(1, 12), st.integers(0, 3)), max_size=60),
    st.integers(1, 6),
)
def test_events_build_in_our_book_what_the_levels_say(puts, levels_max):
    levels, books = LevelBook(COIN, levels_max=levels_max), Books(orders_max=64, instruments_max=8)
    books.define(COIN.id)
    model: dict[Side, dict[int, int]] = {Side.BUY: {}, Side.SELL: {}}
    for side, price, qty in puts:
        events = levels.put(side, price, qty, 0)
        if events:
            books.apply(np.frombuffer(b"".join(e.pack() for e in events), MarketUpdated.DTYPE))
        model[side][price] = qty
        kept = sorted((p for p, q in model[side].items() if q), reverse=side == Side.BUY)
        model[side] = {p: model[side][p] for p in kept[:levels_max]}
    for side, rows in ((Side.BUY, books[3].bids(50)), (Side.SELL, books[3].asks(50))):
        assert [Quantity(*r) for r in model[side].items()] == levels.top(side, 50)
        assert [(r["price_ticks"], r["qty_lots"]) for r in rows] == levels.top(side, 50)


def test_references_rise_and_belong_to_the_instrument():
    levels = LevelBook(COIN)
    refs = [levels.put(Side.BUY, price, 1, 0)[0].order_ref for price in (5, 9, 2)]
    assert refs == [3 * REFS_PER_INSTRUMENT + n for n in (1, 2, 3)]
    assert levels.put(Side.BUY, 9, 4, 0)[0].order_ref == refs[1]
    assert levels.put(Side.BUY, 9, 4, 0) == []
    levels.clear(0)
    assert levels.put(Side.BUY, 5, 1, 0)[0].order_ref == refs[2] + 1


def test_diffs_wait_and_the_first_one_used_straddles_the_snapshot():
    sync = DepthSync(COIN)
    for first, last, price in ((90, 95, "9"), (96, 102, "9.5"), (103, 103, "9.7")):
        assert sync.on_diff(diff(first, last, bids=[(price, "5")])) == []
    events = sync.on_snapshot(snapshot(100))
    assert actions(events) == ["CLEAR", "ADD", "ADD", "ADD", "ADD"]
    assert [level.price_ticks for level in sync.book.top(Side.BUY, 9)] == [1000, 970, 950]
    assert sync.last_id == 103


@pytest.mark.parametrize("last", [50, 88])
def test_a_snapshot_older_than_the_diffs_at_hand_is_not_used(last: int):
    sync = DepthSync(COIN)
    sync.on_diff(diff(90, 95, bids=[("9", "5")]))
    assert sync.on_snapshot(snapshot(last)) == []
    assert (sync.is_live, sync.stale_snapshots) == (False, 1)
    assert sync.on_snapshot(snapshot(89))
    assert (sync.is_live, sync.last_id) == (True, 95)


def test_a_gap_empties_the_book_until_a_new_snapshot():
    sync = live()
    assert actions(sync.on_diff(diff(102, 103))) == ["CLEAR"]
    assert (sync.is_live, sync.gaps) == (False, 1)
    assert sync.on_diff(diff(104, 104, bids=[("10", "9")])) == []
    assert actions(sync.on_snapshot(snapshot(102))) == ["CLEAR", "ADD", "ADD", "SET"]
    assert sync.is_live


def test_a_diff_that_was_seen_is_dropped():
    sync = live()
    sync.on_diff(diff(101, 101, bids=[("10", "3")]))
    assert sync.on_diff(diff(99, 101, bids=[("10", "1")])) == []
    assert best(sync) == (1000, 1100, 300_000_000, 200_000_000)


def test_derivatives_chain_by_the_id_before():
    sync = live()
    assert sync.on_diff(diff(90, 120, bids=[("10", "3")], previous=80))
    assert sync.on_diff(diff(150, 160, bids=[("10", "4")], previous=120))
    assert actions(sync.on_diff(diff(161, 170, previous=159))) == ["CLEAR"]


def test_the_ticker_moves_the_touch_at_once():
    sync = live()
    events = sync.on_ticker(BookTicker("BTCUSDT", 105, "9.9", "7", "10.4", "8"))
    assert actions(events) == ["DELETE", "ADD", "ADD"]
    assert best(sync) == (990, 1040, 700_000_000, 800_000_000)
    # This diff is older: its touch is history, what it says behind the touch is not.
    events = sync.on_diff(
        diff(101, 103, bids=[("10", "4"), ("9.5", "1")], asks=[("10.2", "1"), ("12", "1")])
    )
    assert [e.price_ticks for e in events] == [950, 1200]
    assert sync.on_diff(diff(104, 106, bids=[("10", "6")]))
    assert best(sync)[0] == 1000


def test_an_older_ticker_and_one_before_the_snapshot_are_dropped():
    sync = DepthSync(COIN)
    ticker = BookTicker("BTCUSDT", 100, "9.9", "7", "10.4", "8")
    assert sync.on_ticker(ticker) == []
    sync.on_snapshot(snapshot(100))
    assert sync.on_ticker(ticker) == []


def test_a_ticker_without_a_side_empties_it():
    sync = live()
    events = sync.on_ticker(BookTicker("BTCUSDT", 101, "0.00000000", "0.00000000", "11", "2"))
    assert actions(events) == ["DELETE"]
    assert sync.book.best(Side.BUY) is None
    assert sync.on_diff(diff(101, 101, bids=[("10", "4")]))


def test_waiting_diffs_have_a_limit():
    sync = DepthSync(COIN, diffs_waiting_max=2)
    for last in range(101, 105):
        sync.on_diff(diff(last, last))
    sync.on_snapshot(snapshot(100))
    assert (sync.is_live, sync.stale_snapshots) == (False, 1)


def test_messages_of_other_kinds_are_left_alone():
    assert read_message(b'{"result":null,"id":1}') is None
    assert read_message(b'{"stream":"btcusdt@kline_1m","data":{}}') is None
    with pytest.raises(msgspec.ValidationError):
        read_message(b'{"stream":"btcusdt@trade","data":{"e":"trade"}}')
    with pytest.raises(msgspec.DecodeError):
        read_snapshot(b"<html>")
