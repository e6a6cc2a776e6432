# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What things are called, and what a tick and a lot of them are worth."""

from __future__ import annotations

from dataclasses import dataclass

from onetape.events import (
    InstrumentDefined,
    InstrumentListed,
    OrderType,
    Side,
    StrategyStarted,
    TimeInForce,
    VenueDefined,
)
from onetape.pipeline.tca._recording import Recording


@dataclass(frozen=True)
class Listed:
    """An instrument.

    Attributes:
        symbol: The venue's symbol.
        currency: ISO 4217 code or coin.
        venue_id: Where it trades; 0 where the journal does not say.
        lot_e18: Size of a lot with its multiplier, in 10^-18 units.
        unit_e27: Worth of a tick-lot, in 10^-27 of the currency.
    """

    symbol: str
    currency: str
    venue_id: int
    lot_e18: int
    unit_e27: int


@dataclass(frozen=True)
class Names:
    """Names of what is only a number in the journal.

    Attributes:
        instruments: By id.
        strategies: Names, by id.
        venues: Names, by id.
    """

    instruments: dict[int, Listed]
    strategies: dict[int, str]
    venues: dict[int, str]

    def of(self, dimension: str, value: int) -> str:
        """Return the name of a value of a dimension (one of `DIMENSIONS`)."""
        if dimension == "strategy":
            return self.strategies.get(value, f"strategy {value}")
        if dimension == "instrument":
            return self._symbol(value)
        if dimension == "venue":
            return self.venues.get(value, f"venue {value}" if value else "simulated")
        if dimension == "hour":
            return f"{value:02}:00"
        return _WORDS[dimension].get(value, "not known")

    def currency(self, instrument_id: int) -> str:
        """Return the currency of an instrument; empty where the journal does not say."""
        listed = self.instruments.get(instrument_id)
        return listed.currency if listed else ""

    def _symbol(self, instrument_id: int) -> str:
        listed = self.instruments.get(instrument_id)
        if listed is None:
            return f"instrument {instrument_id}"
        twins = [i for i in self.instruments.values() if i.symbol == listed.symbol]
        if len(twins) == 1:
            return listed.symbol
        return f"{listed.symbol} at {self.of('venue', listed.venue_id)}"


_WORDS: dict[str, dict[int, str]] = {
    "side": {side.value: side.name.lower() for side in Side},
    "type": {kind.value: kind.name.lower().replace("_", " ") for kind in OrderType},
    "tif": {life.value: life.name for life in TimeInForce},
    "origin": {0: "order", 1: "quote", 2: "parent"},
}

#: By what the figures can be told apart: name, and what it is.
DIMENSIONS: dict[str, str] = {
    "strategy": "Strategy.",
    "instrument": "Instrument: one symbol at one venue.",
    "venue": "Venue; `simulated` where the journal names none.",
    "side": "Side of the order.",
    "type": "Order type.",
    "tif": "Time in force.",
    "origin": "`order`: a strategy's own order; `quote`: one price of a quote it keeps; `parent`: "
    "what children were to do as a whole.",
    "hour": "Hour of the day (UTC) in which the order left, the fill came or the refusal stood.",
}


def read_names(recording: Recording) -> Names:
    """Read what the journal says of instruments, strategies and venues so far."""
    venue_of = {}
    for row in recording.rows(InstrumentListed):
        venue_of[int(row["instrument_id"])] = int(row["venue_id"])
    instruments = {}
    for row in recording.rows(InstrumentDefined):
        tick, lot, many = (int(row[n]) for n in ("tick_e9", "lot_e9", "multiplier_e9"))
        number = int(row["instrument_id"])
        instruments[number] = Listed(
            symbol=_text(row["symbol"]),
            currency=_text(row["currency"]),
            venue_id=venue_of.get(number, 0),
            lot_e18=lot * many,
            unit_e27=tick * lot * many,
        )
    return Names(
        instruments=instruments,
        strategies=_named(recording, StrategyStarted, "strategy_id"),
        venues=_named(recording, VenueDefined, "venue_id"),
    )


def _named(
    recording: Recording, kind: type[StrategyStarted | VenueDefined], field: str
) -> dict[int, str]:
    ids = recording.rows(kind)[field].tolist()
    texts = recording.texts(kind)
    return {i: t.decode("utf-8", "replace") for i, t in zip(ids, texts, strict=True) if t}


def _text(raw: bytes) -> str:
    return raw.rstrip(b"\0").decode("latin-1")
