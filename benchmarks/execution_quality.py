# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution quality of a made run: how long, how much memory.

    python -m benchmarks.execution_quality                  10 M messages
    python -m benchmarks.execution_quality --messages 1e6
    python -m benchmarks.execution_quality --journal runs/0001

The run is the synthetic market, with a strategy that quotes at the touch on each change of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from onetape import Market, Strategy, run
from onetape.pipeline.tca import DIMENSIONS, ExecutionQuality

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10_000_000_000,
    "position_max": 2_000,
    "price_collar_ticks": 5_000,
    "order_rate_max": 100_000,
}


class Quoter(Strategy):
    """Quotes at the touch."""

    def on_book(self, market: Market) -> None:
        """Keep the quote there."""
        self.quote(market, bid=market.bid_ticks, ask=market.ask_ticks, qty=100)


def measured(journal: Path, out: Path) -> dict[str, object]:
    """Measure a journal, and return what that took."""
    seconds, began = {}, time.perf_counter()

    def lap(name: str) -> None:
        nonlocal began
        now = time.perf_counter()
        seconds[name], began = round(now - began, 2), now

    quality = ExecutionQuality(journal)
    quality.update()
    lap("reading")
    facts = quality.facts
    lap("facts")
    quality.measure()
    lap("figures of all orders")
    report = quality.report()
    lap(f"figures by {len(DIMENSIONS)} dimensions, one after the other")
    quality.write(out, report)
    lap("page and files")
    return {
        "messages": quality.counts["messages"],
        "entries": quality.last_seq,
        "orders": len(facts.orders["side"]),
        "fills": len(facts.fills["side"]),
        "seconds": seconds,
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="Execution quality of a made run.")
    parser.add_argument("--messages", type=float, default=10e6, help="messages of the run")
    parser.add_argument("--journal", type=Path, help="measure this journal instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onetape-") as folder:
        journal = options.journal
        if journal is None:
            journal = Path(folder) / "journal"
            settings = {"run.messages": int(options.messages)}
            run(Quoter, risk=LIMITS, settings=settings, journal=journal)
        print(json.dumps(measured(journal, Path(folder) / "out"), indent=2))


if __name__ == "__main__":
    main()
