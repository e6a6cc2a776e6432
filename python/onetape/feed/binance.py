# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Binance's market data, sans I/O: messages, and a book kept in step with the venue's.

The rule is the venue's own: diffs are kept while a snapshot is asked for; diffs that the snapshot
holds already are dropped; the first one used must straddle its update id; from there each must
begin where the last ended, or all begins again. The book ticker comes sooner than the diffs, which
are gathered for 100 ms: it moves the touch at once, and an older diff does not move it back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from onetape.events import Side
from onetape.feed.levels import LEVELS_MAX, LevelBook, Quantity, trade_event

if TYPE_CHECKING:
    from onetape.events import MarketUpdated
    from onetape.types import Instrument

DIFFS_WAITING_MAX = 1_000
"""Diffs that may wait for a snapshot: 100 s of them."""

Rows: TypeAlias = Sequence[tuple[str, str]]
_NS_PER_MS = 1_000_000


class DepthDiff(msgspec.Struct, frozen=True):
    """What changed in the book: `U` to `u` are the update ids that it covers.

    Attributes:
        time_ms: When, in ms since the Unix epoch.
        symbol: The venue's symbol.
        first_id: First update id.
        last_id: Last update id.
        bids: Price and new quantity of each level that changed.
        asks: The same of the other side.
        previous_id: `last_id` of the diff before; derivatives alone say it.
    """

    time_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    first_id: int = msgspec.field(name="U")
    last_id: int = msgspec.field(name="u")
    bids: Rows = msgspec.field(name="b")
    asks: Rows = msgspec.field(name="a")
    previous_id: int | None = msgspec.field(name="pu", default=None)


class DepthSnapshot(msgspec.Struct, frozen=True):
    """The book as it stood at an update id.

    Attributes:
        last_id: That id.
        bids: Price and quantity, best first.
        asks: The same of the other side.
    """

    last_id: int = msgspec.field(name="lastUpdateId")
    bids: Rows
    asks: Rows


class BookTicker(msgspec.Struct, frozen=True):
    """Best prices at an update id.

    Attributes:
        symbol: The venue's symbol.
        update_id: That id.
        bid: Price of the best bid.
        bid_qty: Its quantity.
        ask: Price of the best ask.
        ask_qty: Its quantity.
        time_ms: When, in ms since the Unix epoch; 0 where it is not said.
    """

    symbol: str = msgspec.field(name="s")
    update_id: int = msgspec.field(name="u")
    bid: str = msgspec.field(name="b")
    bid_qty: str = msgspec.field(name="B")
    ask: str = msgspec.field(name="a")
    ask_qty: str = msgspec.field(name="A")
    time_ms: int = msgspec.field(name="E", default=0)


class Trade(msgspec.Struct, frozen=True):
    """One trade.

    Attributes:
        symbol: The venue's symbol.
        trade_id: The symbol's number of it, rising by one.
        price: Price.
        qty: Quantity.
        time_ms: When, in ms since the Unix epoch.
        is_buyer_maker: The resting order was the bid.
    """

    symbol: str = msgspec.field(name="s")
    trade_id: int = msgspec.field(name="t")
    price: str = msgspec.field(name="p")
    qty: str = msgspec.field(name="q")
    time_ms: int = msgspec.field(name="T")
    is_buyer_maker: bool = msgspec.field(name="m")


StreamMessage: TypeAlias = DepthDiff | BookTicker | Trade


class _Wrapped(msgspec.Struct, frozen=True):
    data: msgspec.Raw
    stream: str = ""


_wrapped = msgspec.json.Decoder(_Wrapped)
_diff = msgspec.json.Decoder(DepthDiff)
_ticker = msgspec.json.Decoder(BookTicker)
_trade = msgspec.json.Decoder(Trade)
_snapshot = msgspec.json.Decoder(DepthSnapshot)


def read_message(text: bytes | str) -> StreamMessage | None:
    """Read a message of a combined stream; None where it is of another kind, or an answer.

    Raises:
        msgspec.DecodeError: If it is no JSON, or a field of a known kind is missing or wrong.
    """
    try:
        wrapped = _wrapped.decode(text)
    except msgspec.ValidationError:
        return None
    _, _, kind = wrapped.stream.partition("@")
    if kind.startswith("depth"):
        return _diff.decode(wrapped.data)
    if kind == "bookTicker":
        return _ticker.decode(wrapped.data)
    if kind == "trade":
        return _trade.decode(wrapped.data)
    return None


def read_snapshot(text: bytes | str) -> DepthSnapshot:
    """Read the answer to a question for the depth.

    Raises:
        msgspec.DecodeError: If it is none.
    """
    return _snapshot.decode(text)


class DepthSync:
    """One instrument's book, in step with the venue's or known not to be.

    Args:
        instrument: Its id and units.
        levels_max: Levels kept a side.
        diffs_waiting_max: Diffs that wait for a snapshot; beyond it the oldest are let go.

    Attributes:
        book: The levels.
        last_id: Update id that the book has reached; 0 before the first snapshot.
        gaps: How often the chain broke.
        stale_snapshots: How often a snapshot came that was too old to use.
    """

    def __init__(
        self,
        instrument: Instrument,
        *,
        levels_max: int = LEVELS_MAX,
        diffs_waiting_max: int = DIFFS_WAITING_MAX,
    ) -> None:
        self.instrument = instrument
        self.book = LevelBook(instrument, levels_max=levels_max)
        self.last_id = 0
        self.gaps = 0
        self.stale_snapshots = 0
        self._waiting: deque[DepthDiff] = deque(maxlen=diffs_waiting_max)
        self._ticker: BookTicker | None = None
        self._is_live = False
        self._is_first = True

    @property
    def is_live(self) -> bool:
        """Whether the book is whole and in step."""
        return self._is_live

    def lose(self) -> list[MarketUpdated]:
        """Forget all, as after a lost connection: return the event that empties the book."""
        was_live = self._is_live
        self._is_live = False
        self._ticker = None
        self._waiting.clear()
        return [self.book.clear(0)] if was_live else []

    def on_diff(self, diff: DepthDiff) -> list[MarketUpdated]:
        """Take a diff; after a gap the book is emptied, and a snapshot is wanted."""
        if not self._is_live:
            self._waiting.append(diff)
            return []
        if diff.last_id < self.last_id or (diff.last_id == self.last_id and not self._is_first):
            return []
        if not self._follows(diff):
            self.gaps += 1
            events = self.lose()
            self._waiting.append(diff)
            return events
        self._is_first = False
        self.last_id = diff.last_id
        return list(self._changes(diff))

    def on_snapshot(self, snapshot: DepthSnapshot) -> list[MarketUpdated]:
        """Take a snapshot; where it is older than the diffs at hand nothing happens.

        Ask for another while `is_live` says no.
        """
        if self._is_live:
            return []
        self.last_id = snapshot.last_id
        self._is_first = True
        diffs = [diff for diff in self._waiting if diff.last_id >= snapshot.last_id]
        if diffs and not self._follows(diffs[0]):
            self.stale_snapshots += 1
            return []
        self._waiting.clear()
        events = [self.book.clear(0)]
        for side, rows in ((Side.BUY, snapshot.bids), (Side.SELL, snapshot.asks)):
            for row in rows:
                events += self._put(side, row, 0)
        self._is_live = True
        for diff in diffs:
            events += self.on_diff(diff)
        return events

    def on_ticker(self, ticker: BookTicker) -> list[MarketUpdated]:
        """Take best prices: the touch moves, the levels behind it stay as they were."""
        newest = self.last_id if self._ticker is None else self._ticker.update_id
        if not self._is_live or ticker.update_id <= max(newest, self.last_id):
            return []
        self._ticker = ticker
        ts_ns = ticker.time_ms * _NS_PER_MS
        events = []
        for side, price, qty in self._touch(ticker):
            events += self.book.cut(side, price if qty else None, ts_ns)
            if qty:
                events += self.book.put(side, price, qty, ts_ns)
        return events

    def on_trade(self, trade: Trade) -> MarketUpdated:
        """Return a trade as an event."""
        return trade_event(
            self.instrument,
            Side.BUY if trade.is_buyer_maker else Side.SELL,
            Quantity(self.instrument.price_ticks(trade.price), self.instrument.qty_lots(trade.qty)),
            trade.trade_id,
            trade.time_ms * _NS_PER_MS,
        )

    def _follows(self, diff: DepthDiff) -> bool:
        if diff.previous_id is None:
            return diff.first_id <= self.last_id + 1
        # Derivatives: ids are shared with other symbols, so only the chain itself has no holes.
        if self._is_first:
            return diff.first_id <= self.last_id + 1
        return diff.previous_id == self.last_id

    def _changes(self, diff: DepthDiff) -> Iterator[MarketUpdated]:
        ts_ns = diff.time_ms * _NS_PER_MS
        newer = self._ticker
        if newer is not None and newer.update_id <= diff.last_id:
            newer = self._ticker = None
        touch = {} if newer is None else {side: (p, q) for side, p, q in self._touch(newer)}
        for side, rows in ((Side.BUY, diff.bids), (Side.SELL, diff.asks)):
            for row in rows:
                if side in touch and not self._is_behind(side, row[0], *touch[side]):
                    continue
                yield from self._put(side, row, ts_ns)

    def _is_behind(self, side: Side, text: str, touch_ticks: int, touch_lots: int) -> bool:
        price = self.instrument.price_ticks(text)
        if not touch_lots:
            return False
        return price < touch_ticks if side == Side.BUY else price > touch_ticks

    def _put(self, side: Side, row: tuple[str, str], ts_ns: int) -> list[MarketUpdated]:
        price, qty = self.instrument.price_ticks(row[0]), self.instrument.qty_lots(row[1])
        return self.book.put(side, price, qty, ts_ns)

    def _touch(self, ticker: BookTicker) -> tuple[tuple[Side, int, int], ...]:
        to_ticks, to_lots = self.instrument.price_ticks, self.instrument.qty_lots
        return (
            (Side.BUY, to_ticks(ticker.bid), to_lots(ticker.bid_qty)),
            (Side.SELL, to_ticks(ticker.ask), to_lots(ticker.ask_qty)),
        )
