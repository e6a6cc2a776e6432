# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""OUCH 5.0 from end to end: two clients at the real exchange, on real sockets."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from onetape.config import Secret, load
from onetape.errors import VenueError
from onetape.exchange.client import Event, OuchClient, OuchPlace
from onetape.exchange.config import SECTIONS
from onetape.exchange.control import Control
from onetape.exchange.server import Exchange
from onetape.wire import ouch50
from onetape.wire.ouch50 import tags

TEXT = """
[exchange]
journal = "{folder}"
phase = "continuous"
[gateway]
ouch50 = "127.0.0.1:0"
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
cancel_on_disconnect = false
[members.ports.BETA1]
firm = "BETA"
password = "beta"
post_only = "reject"
"""

Story = Callable[[OuchClient, OuchClient], Awaitable[None]]


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """Run an exchange until it trades; give the port where OUCH 5.0 is served."""
    path = folder / "exchange.toml"
    path.write_text(TEXT.format(folder=folder / "journal"))
    with Exchange(load(path, SECTIONS)) as exchange:
        thread = threading.Thread(target=exchange.run)
        thread.start()
        try:
            wait_until_open(folder / "journal")
            yield int(exchange.addresses()["ouch50"].rpartition(":")[2])
        finally:
            exchange.stop()
            thread.join()


def wait_until_open(folder: Path) -> None:
    """Ask the operators' socket until every instrument is in continuous trading."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with suppress(VenueError), Control(folder) as control:
            status = control.request("status")
            phases = {each["phase"] for each in status["phases"]}
            if phases == {"continuous"}:
                return
        time.sleep(0.02)
    raise AssertionError(status)


def told(folder: Path, story: Story) -> None:
    """Run a story with two clients of an exchange, of two firms."""

    async def run(port: int) -> None:
        alfa = OuchPlace("ALFA1", Secret("alfa"), "127.0.0.1", port)
        beta = OuchPlace("BETA1", Secret("beta"), "127.0.0.1", port)
        async with OuchClient(alfa) as first, OuchClient(beta) as second:
            await story(first, second)

    with running(folder) as port:
        asyncio.run(run(port))


async def next_of(client: OuchClient, kind: type[ouch50.Message]) -> Event:
    """The next message of a kind; system events and answers to queries are passed over."""
    while True:
        event = await client.next_event()
        if not isinstance(event.message, ouch50.SystemEvent | ouch50.AccountQueryResponse):
            assert isinstance(event.message, kind), event
            return event


def test_orders_meet_and_both_sides_hear_the_same_match(tmp_path):
    async def story(alfa: OuchClient, beta: OuchClient) -> None:
        bid = alfa.enter("ONE", "B", 100, 1_000_000, cl_ord_id="mine", tags=(tags.MaxFloor(40),))
        accepted = (await next_of(alfa, ouch50.OrderAccepted)).message
        assert (accepted.user_ref_num, accepted.price_e4, accepted.cl_ord_id) == (
            bid,
            1_000_000,
            "mine",
        )
        assert ouch50.find(accepted, tags.MaxFloor) == tags.MaxFloor(40)
        ask = beta.enter("ONE", "S", 60, 1_000_000, time_in_force="3")
        assert (await next_of(beta, ouch50.OrderAccepted)).message.user_ref_num == ask
        sold = [(await next_of(beta, ouch50.OrderExecuted)).message for _ in range(2)]
        assert [(m.quantity, m.price_e4, m.liquidity_flag) for m in sold] == [
            (40, 1_000_000, "R"),
            (20, 1_000_000, "R"),
        ]
        bought = (await next_of(alfa, ouch50.OrderExecuted)).message
        assert (bought.match_number, bought.liquidity_flag) == (sold[0].match_number, "A")
        restated = (await next_of(alfa, ouch50.OrderRestated)).message
        assert ouch50.find(restated, tags.DisplayQuantity) == tags.DisplayQuantity(40)
        bought = (await next_of(alfa, ouch50.OrderExecuted)).message
        assert (bought.match_number, bought.quantity) == (sold[1].match_number, 20)
        new = alfa.replace(bid, 160, 999_900)
        replaced = (await next_of(alfa, ouch50.OrderReplaced)).message
        assert (replaced.original_user_ref_num, replaced.user_ref_num) == (bid, new)
        assert (replaced.quantity, replaced.price_e4) == (100, 999_900)
        alfa.cancel(new, 110)
        canceled = (await next_of(alfa, ouch50.OrderCanceled)).message
        assert (canceled.quantity, canceled.reason) == (50, "U")
        swept = alfa.mass_cancel()
        assert (await next_of(alfa, ouch50.MassCancelResponse)).message.user_ref_num == swept
        canceled = (await next_of(alfa, ouch50.OrderCanceled)).message
        assert (canceled.user_ref_num, canceled.quantity) == (new, 50)

    told(tmp_path, story)


def test_refusals_have_the_numbers_of_the_table(tmp_path):
    async def story(alfa: OuchClient, beta: OuchClient) -> None:
        for reason, send in (
            (0x17, lambda: alfa.enter("NONE", "B", 100, 1_000_000)),
            (0x1D, lambda: alfa.enter("ONE", "B", 100, 1_000_001)),
            (0x13, lambda: alfa.enter("ONE", "B", 0, 1_000_000)),
            (0x0D, lambda: alfa.enter("ONE", "B", 9, 100, tags=(tags.MinimumQuantity(5),))),
            (0x0F, lambda: alfa.enter("ONE", "B", 9, 100, tags=(tags.UnknownTag(200, b""),))),
        ):
            number = send()
            rejected = (await next_of(alfa, ouch50.Rejected)).message
            assert (rejected.user_ref_num, rejected.reason) == (number, reason)
        off = alfa.set_entry(False)
        answered = (await next_of(alfa, ouch50.DisableOrderEntryResponse)).message
        assert answered.user_ref_num == off
        alfa.enter("ONE", "B", 100, 1_000_000)
        assert (await next_of(alfa, ouch50.Rejected)).message.reason == 0x0C
        alfa.set_entry(True)
        await next_of(alfa, ouch50.EnableOrderEntryResponse)
        alfa.enter("ONE", "B", 100, 1_000_000)
        await next_of(alfa, ouch50.OrderAccepted)

    told(tmp_path, story)


def test_post_only_slides_or_is_refused_as_the_port_is_set_up(tmp_path):
    async def story(alfa: OuchClient, beta: OuchClient) -> None:
        passive = (tags.PostOnly("P"),)
        beta.enter("ONE", "S", 100, 1_000_000, tags=passive)
        await next_of(beta, ouch50.OrderAccepted)
        alfa.enter("ONE", "B", 100, 1_000_000, tags=passive)
        slid = (await next_of(alfa, ouch50.OrderAccepted)).message
        assert slid.price_e4 == 999_900
        assert ouch50.find(slid, tags.PostOnly) == tags.PostOnly("P")
        number = beta.enter("ONE", "S", 100, 999_900, tags=passive)
        refused = (await next_of(beta, ouch50.Rejected)).message
        assert (refused.user_ref_num, refused.reason) == (number, 0x0F)

    told(tmp_path, story)


def test_a_bad_replacement_cancels_its_order(tmp_path):
    async def story(alfa: OuchClient, beta: OuchClient) -> None:
        bid = alfa.enter("ONE", "B", 100, 1_000_000)
        await next_of(alfa, ouch50.OrderAccepted)
        alfa.replace(bid, 100, 1_000_001)
        canceled = (await next_of(alfa, ouch50.OrderCanceled)).message
        assert (canceled.user_ref_num, canceled.quantity, canceled.reason) == (bid, 100, "U")

    told(tmp_path, story)


def test_a_client_that_was_cut_off_hears_what_it_missed(tmp_path):
    async def story(alfa: OuchClient, beta: OuchClient) -> None:
        bid = alfa.enter("ONE", "B", 100, 1_000_000)
        before = await next_of(alfa, ouch50.OrderAccepted)
        await alfa.close()
        beta.enter("ONE", "S", 30, 1_000_000)
        await next_of(beta, ouch50.OrderAccepted)
        await next_of(beta, ouch50.OrderExecuted)
        await alfa.reconnect()
        after = await next_of(alfa, ouch50.OrderExecuted)
        assert (after.sequence, after.message.user_ref_num) == (before.sequence + 1, bid)
        assert alfa.enter("ONE", "B", 100, 999_900) == bid + 1
        await next_of(alfa, ouch50.OrderAccepted)

    told(tmp_path, story)


def test_a_wrong_password_is_refused(tmp_path):
    with running(tmp_path) as port, pytest.raises(VenueError) as raised:
        asyncio.run(OuchClient(OuchPlace("ALFA1", Secret("x"), "127.0.0.1", port)).connect())
    assert raised.value.code == "EXC-041"
