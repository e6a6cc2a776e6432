# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Three accounts of one day: the node's, the exchange's, and what its drop copy told. Connections
are cut, engine and exchange are killed, and in the end all say the same, fees included.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import msgspec
import pytest
from tests.models.live_world import World, positions_of

from onetape.events import (
    Difference,
    DifferenceChanged,
    DifferenceStep,
    FillCharged,
    OrderFilled,
    VenueMessageReceived,
)
from onetape.exchange.clearing import clear
from onetape.exchange.clearing.config import FeesConfig
from onetape.journal import open_journal
from onetape.wire import fix

pytestmark = pytest.mark.slow

RATES = "maker_lot_e9 = -2_000_000\ntaker_bps_e3 = 1_501"
VENUE = f"""
[live.venues.HOME.fees]
{RATES}
[live.venues.HOME.drop_copy]
address = "127.0.0.1:1"
username = "COPY"
password = "copy"
heartbeat_s = 1
sweep_ms = 1_000
"""
PORT = """
[members.ports.COPY]
firm = "BETA"
password = "copy"
protocol = "fix44"
kind = "drop_copy"
"""


def world_of(folder: Path, seed: int) -> World:
    world = World(folder, seed=seed, venue_more=VENUE, exchange_more=PORT)
    with world.exchange.open("rb") as file:
        address = tomllib.load(file)["gateway"]["fix44"]
    world.node.write_text(world.node.read_text().replace('127.0.0.1:1"', f'{address}"'))
    return world


def copy_of(world: World) -> dict[str, object] | None:
    answer = world.ask("status")
    return None if answer is None else answer["venues"][0]["drop_copy"]


def wait_until_agreed(world: World) -> None:
    """Wait until every execution was told by both."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        copy = copy_of(world)
        if copy and copy["up"] and not copy["executions_open"] and not copy["orders_differing"]:
            return
        time.sleep(0.1)
    raise AssertionError(f"they never agreed: {copy}, {world.processes.said('node')}")


def told_of(world: World) -> set[tuple[int, int, int, int]]:
    """The executions by what the drop copy told: match, order, ticks, lots."""
    found = set()
    for entry in open_journal(world.folder / "node" / "journal"):
        event = entry.event
        if isinstance(event, VenueMessageReceived) and event.tail.startswith(b"8=FIX"):
            said = fix.decode(event.tail)
            if said.find(150) == b"F":
                price = round(float(said.find(31)) * 10_000)
                found.add((int(said.find(527)), int(said.find(37)), price, int(said.find(32))))
    return found


def assert_agreed(world: World) -> None:
    theirs, ours = world.exchange_fills(), world.node_fills()
    assert ours == theirs, f"seed {world.seed}, after {world.done}"
    entries = [entry.event for entry in open_journal(world.folder / "node" / "journal")]
    fills = [event for event in entries if isinstance(event, OrderFilled)]
    booked = {(e.match_id, e.order_id, e.price_ticks, e.qty_lots) for e in fills}
    assert told_of(world) == booked
    changes = [event for event in entries if isinstance(event, DifferenceChanged)]
    acted = [e for e in changes if e.step in (DifferenceStep.REDUCED, DifferenceStep.HALTED)]
    assert not acted, f"seed {world.seed}, after {world.done}"
    last = [e for e in changes if e.what == Difference.TOTALS][-1]
    assert last.step == DifferenceStep.COMPARED
    # What each fill cost is what the exchange's own clearing takes for it.
    charged = [event for event in entries if isinstance(event, FillCharged)]
    assert len(charged) == len(fills)
    schedule = msgspec.convert(tomllib.loads(RATES), FeesConfig)
    cleared = clear(open_journal(world.folder / "exchange" / "journal"), schedule)
    totals = [total for day in cleared.days for total in day.firms if total.firm == "BETA"]
    assert cleared.scale == 9
    assert sum(event.fee_e9 for event in charged) == sum(total.fee for total in totals)
    assert positions_of(theirs) == positions_of(ours)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", [1, 2])
def test_three_accounts_agree_whatever_is_killed(tmp_path: Path, seed: int) -> None:
    world = world_of(tmp_path, seed)
    try:
        world.start()
        world.run(10, ("cut", "engine", "exchange") if seed > 1 else ("cut",))
        wait_until_agreed(world)
        world.finish()
    finally:
        world.close()
    assert_agreed(world)
