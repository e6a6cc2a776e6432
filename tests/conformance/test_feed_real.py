# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Sources on real recordings: counts as the table of the data has them, books as it shows them."""

import bisect
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from onetape._native import WindowedBook
from onetape.errors import DecodeError
from onetape.events import MarketAction, MarketUpdated, PacketReceived
from onetape.feed import _itch_events, _lobster, open_source
from onetape.feed._container import containers, sibling
from onetape.feed._records import as_bytes
from onetape.feed._table import batches

ADD, EXECUTE, REDUCE, DELETE, REPLACE = (
    MarketAction.ADD,
    MarketAction.EXECUTE,
    MarketAction.REDUCE,
    MarketAction.DELETE,
    MarketAction.REPLACE,
)
LOBSTER = {
    "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip": 57_515,
    "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip": 155_935,
    "LOBSTER_SampleFile_AAPL_2012-06-21_1.zip": 118_497,
}


def kinds(path: Path) -> Counter[str]:
    native = open_source(path).native
    found: Counter[str] = Counter()
    while (item := native.next()) is not None:
        assert item[1] == PacketReceived.KIND
        found[chr(item[3][PacketReceived.SIZE])] += 1
    return found


def test_itch_files_have_the_messages_that_the_table_says(shared: Path):
    itch = shared / "data" / "itch"
    expected = {"S": 1, "R": 993, "H": 3, "Y": 3}
    assert kinds(itch / "bbekele_sample_1000.itch") == expected
    expected = {"A": 4997, "F": 3, "E": 198, "X": 45, "D": 1745, "U": 12, "P": 5000}
    expected |= {"S": 6, "R": 3, "H": 3}
    assert kinds(itch / "ritch_ex20101224.TEST_ITCH_50") == expected


def test_every_capture_is_itch_or_says_that_it_is_not(shared: Path):
    captures = shared / "data" / "omi_pcaps"
    itch = []
    for path in sorted(captures.rglob("*.pcap*")):
        try:
            source = open_source(path)
        except DecodeError as err:
            assert err.code == "SRC-004", f"{path}: {err}"  # noqa: PT017 - many files, one rule
            continue
        assert source.native.drain()[0] > 0
        assert str(source.day) == "2023-08-22"
        itch.append(path)
    folders = {p.parent.name for p in itch if "TotalView.Itch" in p.parent.name}
    assert len(folders) == 3
    missed = {p for f in captures.rglob("*TotalView.Itch*") for p in f.glob("*.pcap")} - {*itch}
    assert not missed
    # One file stands in the wrong folder: its packet is Nasdaq's, on Nasdaq's address.
    foreign = [p for p in itch if "TotalView.Itch" not in p.parent.name]
    assert [p.name for p in foreign] == ["StockTradingActionMessage.pcap"]
    with pytest.raises(DecodeError, match="13022 frames"):
        open_source(shared / "data" / "iex" / "TOPS16.pcapng.gz")


class Levels:
    """Price levels of one side, kept by orders: nothing is made good."""

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.totals: dict[int, int] = {}
        self.keys: list[int] = []

    def change(self, price: int, qty: int) -> None:
        key = self.sign * price
        left = self.totals.get(key, 0) + qty
        assert left >= 0
        if key not in self.totals:
            bisect.insort(self.keys, key)
        if left:
            self.totals[key] = left
        else:
            del self.totals[key], self.keys[bisect.bisect_left(self.keys, key)]

    def best(self, count: int) -> list[int]:
        """Return price, quantity, price, … of the best levels."""
        return [v for key in self.keys[:count] for v in (self.sign * key, self.totals[key])]


class Book:
    """A plain book; an order that it does not know is an error."""

    def __init__(self) -> None:
        self.sides = {1: Levels(-1), 2: Levels(1)}
        self.orders: dict[int, tuple[int, int, int]] = {}

    def join(self, ref: int, side: int, price: int, qty: int) -> None:
        assert ref not in self.orders
        self.orders[ref] = (side, price, qty)
        self.sides[side].change(price, qty)

    def leave(self, ref: int, qty: int | None = None) -> int:
        side, price, left = self.orders.pop(ref)
        taken = left if qty is None else qty
        self.sides[side].change(price, -taken)
        if left > taken:
            self.orders[ref] = (side, price, left - taken)
        return side

    def apply(self, update: np.void) -> None:
        ref, qty, price = (int(update[n]) for n in ("order_ref", "qty_lots", "price_ticks"))
        action = int(update["action"])
        if action == ADD:
            self.join(ref, int(update["side"]), price, qty)
        elif action in (EXECUTE, REDUCE):
            self.leave(ref, qty)
        elif action == DELETE:
            self.leave(ref)
        elif action == REPLACE:
            self.join(int(update["other_ref"]), self.leave(ref), price, qty)


def shown(row: np.ndarray, first: int) -> list[int]:
    """Return the levels of one side of a row: no empty ones."""
    pairs = row.reshape(-1, 4)[:, first : first + 2]
    return [int(v) for pair in pairs if pair[1] > 0 for v in pair]


def compare(messages: np.ndarray, resting: np.ndarray, visible: np.ndarray, book: Book) -> int:
    """Tell a windowed book the messages one by one; compare a plain one with each row."""
    window, mismatches = WindowedBook(), 0
    levels = visible.shape[1] // 4
    for index in range(len(messages)):
        one = slice(index, index + 1)
        _, bodies = window.apply(as_bytes(messages[one]), resting[one], visible[one])
        for update in bodies.view(MarketUpdated.DTYPE):
            book.apply(update)
        row = visible[index]
        for side, first in ((1, 2), (2, 0)):
            wanted = shown(row, first)
            mismatches += book.sides[side].best(max(len(wanted) // 2, levels)) != wanted
    return mismatches


@pytest.mark.parametrize("name", LOBSTER)
def test_lobster_books_equal_the_orderbook_file_after_every_message(shared: Path, name: str):
    inside = containers(shared / "data" / "lobster" / name)
    container = next(c for c in inside if "_message_" in c.name)
    beside = sibling(container, container.name.replace("_message_", "_orderbook_"))
    assert beside is not None
    with container.open() as reader, beside.open() as rows_reader:
        types = {n: "float" if n == "time" else "int" for n in _lobster._NAMES}
        parts = list(batches(container, reader, types, _lobster._NAMES))
        columns = {n: np.concatenate([p[n] for p in parts]) for n in types}
        messages = _lobster._messages(container, columns, 0, 0)
        visible = _lobster._Rows(beside, rows_reader).take(len(messages) + 1)
    assert len(messages) == len(visible) == LOBSTER[name]
    assert compare(messages, columns["price"], visible, Book()) == 0


@pytest.mark.parametrize("name", LOBSTER)
def test_a_lobster_zip_is_a_source(shared: Path, name: str):
    source = open_source(shared / "data" / "lobster" / name)
    items, _ = source.native.drain()
    counts = source.made_counts()
    assert items > LOBSTER[name]
    # What had to be made up is less than what was told.
    assert counts["orders_seeded"] + counts["orders_vanished"] < LOBSTER[name] * 0.35
    assert source.native.counts() == {"time_backwards": 0}


def test_decoded_events_equal_their_ten_levels_after_every_event(shared: Path):
    path = shared / "data" / "itch" / "AAPL_20190130_events_L10_first5000.csv"
    source = open_source(path)
    assert source.native.drain()[0] > 5_000
    made = source.made_counts()
    assert made["orders_vanished"] == made["orders_misfit"] == 0
    container = containers(path)[0]
    book, found = Book(), np.empty(0, MarketUpdated.DTYPE)
    for ts_ns, bodies, _ in _itch_events._chunks(container, 10, 0, WindowedBook()):
        found = np.concatenate([found, bodies.view(MarketUpdated.DTYPE)])
        assert len(ts_ns) == len(bodies) // MarketUpdated.SIZE
    table = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=[3, *range(17, 57)])
    assert len(table) == 5_000
    row, mismatches = 0, 0
    times = found["venue_ts_ns"]
    for index, update in enumerate(found):
        book.apply(update)
        if index + 1 < len(found) and times[index + 1] == times[index]:
            continue
        while row + 1 < len(table) and table[row + 1, 0] <= times[index]:
            row += 1
        levels = np.rint(table[row, 1:].reshape(-1, 2) * [10_000, 1]).astype(int).reshape(-1)
        for side, first in ((1, 2), (2, 0)):
            mismatches += book.sides[side].best(10) != shown(levels, first)
    assert mismatches == 0


def test_dbn_of_every_version_reads_alike(shared: Path):
    corpus = shared / "data" / "dbn" / "corpus"
    names = ("mbo.dbn", "mbo.dbz", "mbo.v1.dbn.zst", "mbo.v2.dbn.zst", "mbo.v3.dbn.zst")
    found = []
    for name in (*names, "mbo.v3.dbn"):
        source = open_source(corpus / f"test_data.{name}")
        assert source.instruments[0].symbol == b"ESH1"
        found.append(source.native.drain())
    assert found == [found[0]] * len(found)
    assert found[0][0] == 4


def test_dbn_of_other_schemas_is_refused(shared: Path):
    corpus = shared / "data" / "dbn" / "corpus"
    files = sorted(p for p in corpus.iterdir() if ".mbo." not in p.name)
    assert len(files) > 70
    for path in files:
        with pytest.raises(DecodeError) as err:
            open_source(path)
        assert err.value.code in {"SRC-001", "SRC-007"}, path
