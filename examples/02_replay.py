# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A run is its journal: run it again from there, and read what happened as arrays."""

from pathlib import Path

from onetape import replay, run
from onetape.events import OrderFilled
from onetape.journal import open_journal

HERE = Path(__file__).parent

if __name__ == "__main__":
    result = run(config=HERE / "run.toml", settings={"run.messages": 100_000})
    again = replay(result.journal)
    print(f"run    {result.state_hash}\nreplay {again.state_hash}")

    fills = open_journal(result.journal).read(OrderFilled)
    notional = fills["price_ticks"] * fills["qty_lots"].astype("i8")
    print(f"{len(fills):,} fills, {notional.sum() / 1e4:,.0f} USD traded")
    print(f"first three prices in ticks: {fills['price_ticks'][:3]}")
