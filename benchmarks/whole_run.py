# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The main job, timed as its user has it: a plain Python strategy called on each BBO change.

Prints JSON: messages a second by the wall and by the thread's own time, and the most memory held.
Each case runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import shutil
import statistics
import struct
import tempfile
import time
from pathlib import Path
from typing import Any

from onetape import Market, Strategy, run
from onetape._native import MarketSource

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**12,
    "position_max": 2_000,
    "price_collar_ticks": 5_000,
    "order_rate_max": 1_000_000,
}
MESSAGES = 5_000_000
REPEATS = 3


class Listener(Strategy):
    """Is called on each change, and asks for nothing."""

    called = 0

    def on_book(self, market: Market) -> None:
        self.called += 1


class Quoter(Strategy):
    """Quotes at the touch of everything and leans against its position, as the example does."""

    called = 0

    def on_book(self, market: Market) -> None:
        self.called += 1
        lean = market.increment_ticks * int(market.position_lots / 300)
        self.quote(market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=100)


def write_itch(path: Path) -> None:
    """Write the benchmark's day, 500 symbols, as an ITCH 5.0 file."""
    source = MarketSource.synthetic(1, preset="benchmark", messages=MESSAGES)
    with path.open("wb") as file:
        while (item := source.next()) is not None:
            message = item[3][8:]
            file.write(struct.pack(">H", len(message)) + message)


def case(kind: type[Strategy], source: str | None, folder: str, answer: Any) -> None:
    """Run one case a few times and answer with what was measured."""
    rows = []
    for repeat in range(REPEATS):
        journal = Path(folder) / f"journal{repeat}"
        strategy = kind()
        began = time.thread_time()
        settings = {"run.messages": MESSAGES}
        result = run(strategy, source, journal=journal, risk=LIMITS, settings=settings)
        thread_s = time.thread_time() - began
        shutil.rmtree(journal)
        rows.append((result, thread_s, strategy))
    result, _, strategy = rows[-1]
    walls = [row[0].messages_per_s for row in rows]
    answer.put(
        {
            "messages": result.messages,
            "callbacks": strategy.called,
            "fills": result.fills,
            "messages_per_s_wall": {
                "min": round(min(walls)),
                "median": round(statistics.median(walls)),
                "max": round(max(walls)),
            },
            "messages_per_s_thread_median": round(
                statistics.median(row[0].messages / row[1] for row in rows)
            ),
            "latency_ns": result.latency_ns,
            "memory_max_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    )


def main() -> None:
    """Run every case."""
    context = multiprocessing.get_context("spawn")
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        itch = Path(folder) / "day.itch"
        write_itch(itch)
        for name, kind, source in (
            ("synthetic flow, 8 symbols, strategy listens", Listener, None),
            ("synthetic flow, 8 symbols, strategy quotes", Quoter, None),
            ("ITCH file, 500 symbols, strategy listens", Listener, str(itch)),
            ("ITCH file, 500 symbols, strategy quotes", Quoter, str(itch)),
        ):
            answer = context.Queue()
            process = context.Process(target=case, args=(kind, source, folder, answer))
            process.start()
            rows[name] = answer.get(timeout=300)
            process.join()
    print(json.dumps({"journal_mode": "async", "cases": rows}, indent=2))


if __name__ == "__main__":
    main()
