# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Clearing and surveillance of a made day: how long, how much memory, how many alerts.

    python -m benchmarks.after_trade                 10 M entries
    python -m benchmarks.after_trade --entries 1e6

The day: 40 firms with two ports each, 100 instruments; makers quote both sides and pull, takers hit
them. Its shape (orders, cancels, trades) is what matters here, not its prices.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from onetape.events import (
    DayStarted,
    Event,
    FirmDefined,
    InstrumentDefined,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderMessageReceived,
    OrderReplaced,
    PortDefined,
    TradeExecuted,
)
from onetape.exchange.clearing import FeesConfig, clear
from onetape.exchange.surveillance import RULES, surveil
from onetape.journal import Journal, JournalWriter

FIRMS, INSTRUMENTS = 40, 100
MAKERS = 10
STEP_NS = 2_000_000
START_NS = 1_795_165_200_000_000_000


def definitions() -> Iterator[Event]:
    """Yield firms, ports, instruments and the day."""
    for firm in range(1, FIRMS + 1):
        yield FirmDefined(mpid=b"F%03d" % firm, firm_id=firm)
    for port in range(1, 2 * FIRMS + 1):
        yield PortDefined(
            order_qty_max=1, order_notional_max=1, open_orders_max=1, orders_per_second_max=1,
            cancels_per_second_max=1, port_id=port, firm_id=(port + 1) // 2, collar_bps=0, kind=1,
            format=1, cancel_on_disconnect=1, stp_mode=0, stp_by_port=0, duplicates_max=0,
            post_only_rejects=0,
        )  # fmt: skip
    for number in range(1, INSTRUMENTS + 1):
        yield InstrumentDefined(
            symbol=b"S%03d" % number, currency=b"USD", tick_e9=10_000_000, lot_e9=10**9,
            multiplier_e9=10**9, instrument_id=number, venue_code=number,
        )  # fmt: skip
    yield DayStarted(midnight_ts_ns=START_NS, date=20_261_120, session=b"DAY")


class Day:
    """Writes one instrument's quotes, pulls and trades after the other's, at random."""

    def __init__(self, writer: JournalWriter, seed: int) -> None:
        self.writer, self.chance = writer, random.Random(seed)
        self.ts_ns, self.orders, self.matches, self.cause = START_NS, 0, 0, 0

    def ask(self, port: int) -> None:
        message = OrderMessageReceived.STRUCT.pack(port, 1, 0) + bytes(47)
        self.ts_ns += STEP_NS
        self.cause = self.writer.append_raw(15, message, ts_ns=self.ts_ns, source=1)

    def enter(self, port: int, instrument: int, side: int, price: int, qty: int) -> int:
        self.ask(port)
        self.orders += 1
        fields = (self.cause, self.orders, self.orders, price, qty, port, instrument)
        self.put(OrderAccepted, *fields, side, 1, 1, 0, 0)
        return self.orders

    def put(self, kind: type[Event], *fields: int) -> None:
        self.writer.append_raw(kind.KIND, kind.STRUCT.pack(*fields), ts_ns=self.ts_ns)

    def round(self) -> None:
        """A maker quotes three levels a side, is hit now and then, moves and pulls."""
        chance = self.chance.random
        instrument = int(chance() * INSTRUMENTS) + 1
        maker = int(chance() * 2 * MAKERS) + 1
        price = 10_000 + int(chance() * 100)
        quotes = [
            (self.enter(maker, instrument, side, price + (2 * side - 3) * (level + 1), 100), side)
            for level in range(3)
            for side in (1, 2)
        ]
        if chance() < 0.5:
            order, side = quotes.pop(int(chance() * 2))
            self.trade(order, side, maker, instrument, price)
        for quoted, _side in quotes:
            order = quoted
            self.ask(maker)
            if chance() < 0.3:
                self.orders += 1
                fields = (self.cause, order, self.orders, self.orders, price, 100)
                self.put(OrderReplaced, *fields, maker, instrument)
                order = self.orders
                self.ask(maker)
            fields = (self.cause, order, order, 100, 0, maker, instrument)
            self.put(OrderCanceled, *fields, 1, 0, 0)

    def trade(self, order: int, side: int, maker: int, instrument: int, price: int) -> None:
        taker = int(self.chance.random() * 2 * (FIRMS - MAKERS)) + 2 * MAKERS + 1
        taking = self.enter(taker, instrument, 3 - side, price, 100)
        self.matches += 1
        for mine, number, port, role in ((side, order, maker, 1), (3 - side, taking, taker, 2)):
            fields = (self.cause, number, number, self.matches, price, 100, 0, 0, port)
            self.put(OrderFilled, *fields, instrument, mine, role, 0, 0)
        parties = {side: (order, maker), 3 - side: (taking, taker)}
        ids, ports = zip(*(parties[s] for s in (1, 2)), strict=True)
        fields = (self.cause, self.matches, price, 100, *ids, *ports, instrument)
        self.put(TradeExecuted, *fields, side, 0, 3, 0)


def write(folder: Path, entries: int) -> None:
    """Write the day."""
    with JournalWriter(folder) as writer:
        for event in definitions():
            writer.append(event, ts_ns=START_NS, source=1)
        day = Day(writer, seed=1)
        while writer.last_seq < entries:
            day.round()


def measured(place: Path) -> dict[str, object]:
    """Clear the day and look at it, and return what that took."""
    journal = Journal(place / "journal")
    counts = journal.counts()
    began = time.perf_counter()
    cleared = clear(journal, FeesConfig(maker_lot_e9=-2, taker_bps_e3=30))
    middle = time.perf_counter()
    cleared.write(place / "out")
    done = time.perf_counter()
    del cleared
    seconds = {"clearing": middle - began, "clearing files": done - middle}
    for rules in ([], *([name] for name in RULES)):
        began = time.perf_counter()
        surveil(journal, rules=rules)
        name = f"surveillance, {rules[0] if rules else 'all rules'}"
        seconds[name] = time.perf_counter() - began
    return {
        "entries": sum(counts.values()),
        "trades": counts.get(TradeExecuted.KIND, 0),
        "seconds": {name: round(took, 2) for name, took in seconds.items()},
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="Clearing and surveillance of a made day.")
    parser.add_argument("--entries", type=float, default=10e6, help="entries of the day's journal")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onetape-") as folder:
        write(Path(folder) / "journal", int(options.entries))
        print(json.dumps(measured(Path(folder)), indent=2))


if __name__ == "__main__":
    main()
