# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Books of real recordings: the venue's own checksum or book ticker must agree with ours.

Both books are held: the levels that make the events, and our own book that takes them in.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from onetape.book import Books
from onetape.errors import DecodeError
from onetape.events import MarketAction, MarketUpdated, Side
from onetape.feed import binance, kraken, okx
from onetape.feed.levels import LevelBook
from onetape.types import Instrument


class Taker:
    """Our own book, fed with events; refuses to be told what does not fit."""

    def __init__(self, instruments: list[Instrument]) -> None:
        self.books = Books(orders_max=1 << 16, instruments_max=64)
        for instrument in instruments:
            self.books.define(instrument.id)
        self.events = 0

    def take(self, events: list[MarketUpdated]) -> None:
        rows = np.frombuffer(b"".join(e.pack() for e in events), MarketUpdated.DTYPE)
        applied = self.books.apply(rows)
        assert applied.applied + applied.unconcerned == len(events), applied
        self.events += len(events)

    def same_as(self, levels: LevelBook, count: int) -> None:
        book = self.books[levels.instrument.id]
        for side, rows in ((Side.BUY, book.bids(count)), (Side.SELL, book.asks(count))):
            found = [(int(r["price_ticks"]), int(r["qty_lots"])) for r in rows]
            assert found == [tuple(level) for level in levels.top(side, count)]


def lines_after(path: Path, mark: bytes) -> Iterator[bytes]:
    data = path.read_bytes()
    for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines():
        yield line.partition(mark)[2]


def binance_recording(
    path: Path, instrument: Instrument
) -> tuple[list[tuple[int, tuple[int, ...]]], list[tuple[int, tuple[int, ...]]], int]:
    """Return best prices by update id, as tickers and as our book say them, and the trades."""
    sync, taker = binance.DepthSync(instrument), Taker([instrument])
    tickers, ours, trades = [], [], 0
    for text in lines_after(path, b" "):
        if text.startswith(b'{"lastUpdateId"'):
            taker.take(sync.on_snapshot(binance.read_snapshot(text)))
            continue
        message = binance.read_message(text)
        if isinstance(message, binance.BookTicker):
            values = [message.bid, message.ask], [message.bid_qty, message.ask_qty]
            prices, sizes = (
                map(instrument.price_ticks, values[0]),
                map(instrument.qty_lots, values[1]),
            )
            tickers.append((message.update_id, (*prices, *sizes)))
        elif isinstance(message, binance.DepthDiff):
            taker.take(sync.on_diff(message))
            taker.same_as(sync.book, 20)
            if sync.is_live:
                book = taker.books[instrument.id]
                bid, ask = book.best_bid, book.best_ask
                ours.append((sync.last_id, (bid[0], ask[0], bid[1], ask[1])))
        elif isinstance(message, binance.Trade):
            taker.take([sync.on_trade(message)])
            trades += 1
    assert sync.gaps == 0
    return tickers, ours, trades


def at_the_same_id(tickers, ours) -> int:
    """Compare each of our states with the last ticker at or before it; say how many were at it."""
    ids, place, compared, exact = [t[0] for t in tickers], 0, 0, 0
    assert ids == sorted(ids)
    for update_id, best in ours:
        while place + 1 < len(tickers) and tickers[place + 1][0] <= update_id:
            place += 1
        if tickers[place][0] <= update_id < tickers[-1][0]:
            assert best == tickers[place][1], update_id
            compared += 1
            exact += tickers[place][0] == update_id
    assert compared > 0.95 * len(ours)
    return exact


def test_binance_spot_equals_its_book_ticker(shared: Path):
    path = shared / "data" / "crypto" / "binance" / "spot_btcusdt_20240808.gz"
    btc = Instrument(id=1, symbol="BTCUSDT", tick_e9=10_000_000, lot_e9=10)
    tickers, ours, trades = binance_recording(path, btc)
    assert (len(tickers), trades) == (28_040, 9_757)
    assert len(ours) > 3_400
    assert at_the_same_id(tickers, ours) > 300


def test_binance_derivatives_equal_their_book_ticker(shared: Path):
    path = shared / "data" / "crypto" / "binance" / "usdm_btcusdt_20240808.gz"
    btc = Instrument(id=1, symbol="BTCUSDT", tick_e9=100_000_000, lot_e9=1_000_000)
    tickers, ours, _ = binance_recording(path, btc)
    assert at_the_same_id(tickers, ours) > 300


def test_binance_tickers_move_the_touch_and_old_diffs_do_not_move_it_back(shared: Path):
    path = shared / "data" / "crypto" / "binance" / "spot_btcusdt_20240808.gz"
    btc = Instrument(id=1, symbol="BTCUSDT", tick_e9=10_000_000, lot_e9=10)
    sync, taker, moved = binance.DepthSync(btc), Taker([btc]), 0
    newest: binance.BookTicker | None = None
    for text in lines_after(path, b" "):
        if text.startswith(b'{"lastUpdateId"'):
            taker.take(sync.on_snapshot(binance.read_snapshot(text)))
            continue
        message = binance.read_message(text)
        if isinstance(message, binance.BookTicker):
            events = sync.on_ticker(message)
            taker.take(events)
            moved += bool(events)
            newest = message
        elif isinstance(message, binance.DepthDiff):
            taker.take(sync.on_diff(message))
        if sync.is_live and newest and newest.update_id >= sync.last_id:
            book = taker.books[1]
            assert (book.best_bid[0], book.best_bid[1]) == (
                btc.price_ticks(newest.bid), btc.qty_lots(newest.bid_qty),
            )  # fmt: skip
            assert (book.best_ask[0], book.best_ask[1]) == (
                btc.price_ticks(newest.ask), btc.qty_lots(newest.ask_qty),
            )  # fmt: skip
    assert moved > 25_000


def kraken_instrument(number: int, message: kraken.BookMessage) -> Instrument:
    decimals = len(message.parts[0]["as"][0][0].partition(".")[2])
    return Instrument(id=number, symbol=message.pair, tick_e9=10 ** (9 - decimals), lot_e9=10)


def test_kraken_checksums(shared: Path):
    path = shared / "data" / "crypto" / "kraken" / "KRAKEN.ws.50.0"
    books: dict[str, kraken.KrakenBook] = {}
    taker, changes = Taker([]), 0
    for text in lines_after(path, b": "):
        message = kraken.read_message(text) if text.startswith(b"[") else None
        if message is None:
            continue
        if message.pair not in books:
            instrument = kraken_instrument(len(books) + 1, message)
            taker.books.define(instrument.id)
            books[message.pair] = kraken.KrakenBook(instrument, depth=1_000)
        book = books[message.pair]
        taker.take(book.apply(message))
        taker.same_as(book.book, 10)
        changes += 1
    assert len(books) == 10
    assert sum(book.checksums for book in books.values()) == changes - len(books) == 4_269


def test_okx_checksums(shared: Path):
    path = shared / "data" / "crypto" / "okx" / "OKX.ws.1.0"
    units = {"BTC-USDT": (100_000_000, 10), "UNI-USD-SWAP": (1_000_000, 1_000_000_000)}
    units["BTC-USD-220527"] = (100_000_000, 1_000_000_000)
    instruments = [
        Instrument(id=n, symbol=name, tick_e9=tick, lot_e9=lot)
        for n, (name, (tick, lot)) in enumerate(units.items(), 1)
    ]
    books = {i.symbol: okx.OkxBook(i) for i in instruments}
    taker, messages = Taker(instruments), 0
    for text in lines_after(path, b": "):
        message = okx.read_message(text) if text.startswith(b'{"arg"') else None
        if message is None:
            continue
        book = books[message.arg.symbol]
        taker.take(book.apply(message))
        taker.same_as(book.book, 25)
        messages += 1
    assert sum(book.checksums for book in books.values()) == messages > 200


def test_a_lost_message_is_found_by_the_checksum(shared: Path):
    path = shared / "data" / "crypto" / "okx" / "OKX.ws.1.0"
    book = okx.OkxBook(Instrument(id=1, symbol="BTC-USDT", tick_e9=100_000_000, lot_e9=10))
    found = (okx.read_message(t) for t in lines_after(path, b": ") if t.startswith(b'{"arg"'))
    messages = [m for m in found if m and m.arg.symbol == "BTC-USDT"]
    book.apply(messages[0])
    with pytest.raises(DecodeError, match="checksum") as caught:
        list(map(book.apply, messages[2:]))
    assert caught.value.code == "FDC-001"
    assert book.apply(messages[0])[0].action == MarketAction.CLEAR
