# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""BOOK-R: the book equals real books after every message, wherever a recording determines them."""

import pytest
from tests.models.real_books import Level, SeededBook, itch_csv, lobster

from onetape.events import Side

SIDES = (Side.BUY, Side.SELL)
DAY = "LOBSTER_SampleFile_{}_2012-06-21_{}.zip"


class SeenThroughAWindow:
    """A recording of the best `depth` levels, of which only messages about those are told."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.seeded = SeededBook()
        self.taken = self.compared = 0

    def compare(self, side: Side, recorded: list[Level], may_uncover: bool) -> None:
        """What we have must be what was recorded; what then is missing came in at the bottom."""
        ours = self.seeded.levels(side, self.depth + 1)
        for price, _ in ours[self.depth :]:
            self.seeded.forget(side, price)
        ours = ours[: self.depth]
        assert ours == recorded[: len(ours)]
        assert may_uncover or len(ours) == len(recorded)
        self.compared += len(ours)
        for price, qty in recorded[len(ours) :]:
            self.seeded.make(side, price, qty)
            self.taken += 1


@pytest.mark.parametrize(
    ("symbol", "depth", "messages", "compared", "taken"),
    [
        ("AMZN", 1, 57_515, 101_075, 13_955),
        ("AMZN", 5, 155_935, 1_525_500, 33_850),
        ("AAPL", 1, 118_497, 206_921, 30_073),
    ],
)
def test_book_r1_lobster(shared, symbol, depth, messages, compared, taken):
    window = SeenThroughAWindow(depth)
    where = 0
    for where, row in enumerate(lobster(shared / "data/lobster" / DAY.format(symbol, depth)), 1):
        if row.event and where > 1:
            window.seeded.apply(row.event)
        for side, recorded in zip(SIDES, (row.bids, row.asks), strict=True):
            # A level may come in from below only where this message ended one.
            ends = row.event and row.event.kind != "A" and row.event.side is side
            window.compare(side, recorded, may_uncover=where == 1 or bool(ends))
    # No mismatch; and this is how much of the recording the messages determine.
    assert (where, window.compared, window.taken) == (messages, compared, taken)
    # The venue fills by time: whoever traded had no older order ahead that we saw come.
    assert window.seeded.passed <= 0.003 * window.seeded.fills


def test_book_r2_ten_levels_of_itch(shared):
    path = shared / "data/itch/AAPL_20190130_events_L10_first5000.csv"
    seeded = SeededBook()
    # Every message is told; unseen is only what stood below the tenth level from the start. What is
    # as good as the worst price ever shown is determined.
    worst: dict[Side, int] = {}
    where = compared = taken = 0
    for where, row in enumerate(itch_csv(path), 1):
        if where > 1:
            seeded.apply(row.event)
        for side, recorded in zip(SIDES, (row.bids, row.asks), strict=True):
            sign = 1 if side is Side.SELL else -1
            for price, qty in recorded:
                if side in worst and price * sign <= worst[side] * sign:
                    continue
                worst[side] = price
                had = sum(seeded.book.queue(side, price)["qty_lots"].tolist())
                assert had <= qty, f"event {where}: more at {price} than there was"
                if had < qty:
                    seeded.make(side, price, qty - had)
                    taken += 1
            assert seeded.levels(side, 10) == recorded, f"event {where}, {side.name}"
            compared += len(recorded)
    assert (where, compared, taken) == (5_000, 100_000, 24)
    assert (seeded.fills, seeded.passed) == (620, 0)
