# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Definitions and records as a native source takes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onetape.events import InstrumentDefined, MarketUpdated, TickRungDefined

#: Receive times (int64, ns since the Unix epoch), bodies (uint8), bytes of the file done.
Chunk = tuple[NDArray[np.int64], NDArray[np.uint8], int]
Definition = tuple[int, int, bytes]

UNIT_E9 = 1_000_000_000
SYMBOL_BYTES_MAX = 16
#: US equities priced in 1/10,000 dollar, with steps of a cent from one dollar up.
#: Source: Regulation NMS, Rule 612.
EQUITY_TICK_E9 = 100_000
EQUITY_RUNGS = ((0, 1), (10_000, 100))


def equity(symbol: str) -> InstrumentDefined:
    """Return a US equity, priced in 1/10,000 dollar."""
    return InstrumentDefined(
        symbol=symbol.encode("ascii"),
        currency=b"USD",
        tick_e9=EQUITY_TICK_E9,
        lot_e9=UNIT_E9,
        multiplier_e9=UNIT_E9,
        instrument_id=1,
        venue_code=0,
    )


def definitions(
    instrument: InstrumentDefined, rungs: Sequence[tuple[int, int]]
) -> list[Definition]:
    """Return an instrument and its tick table as entries.

    Args:
        instrument: The instrument.
        rungs: Lowest price and increment of each rung, in ticks, lowest first.
    """
    out = [(InstrumentDefined.KIND, InstrumentDefined.VERSION, instrument.pack())]
    for index, (from_price_ticks, increment_ticks) in enumerate(rungs):
        rung = TickRungDefined(
            instrument_id=instrument.instrument_id,
            rung=index,
            from_price_ticks=from_price_ticks,
            increment_ticks=increment_ticks,
        )
        out.append((TickRungDefined.KIND, TickRungDefined.VERSION, rung.pack()))
    return out


def empty(count: int) -> NDArray[np.void]:
    """Return `count` records of `MarketUpdated`, all zero."""
    return np.zeros(count, dtype=MarketUpdated.DTYPE)


def as_bytes(records: NDArray[np.void]) -> NDArray[np.uint8]:
    """Return the bodies of records back to back, without a copy where they lie so."""
    return np.ascontiguousarray(records).view(np.uint8)
