# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The OUCH client against a plain server on a real socket."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
from tests.models.plain_ouch_server import PASSWORD, SESSION, PlainOuchServer

from onetape.config import Secret
from onetape.errors import VenueError, WireError
from onetape.exchange import client as client_module
from onetape.exchange.client import OuchClient, OuchPlace
from onetape.wire import ouch50
from onetape.wire.ouch50 import tags

Story = Callable[[PlainOuchServer, OuchClient], Awaitable[None]]


def told(story: Story, *, events_max: int = 100) -> None:
    """Run a story with a server and a client that is logged in."""

    async def run() -> None:
        async with PlainOuchServer() as server:
            place = OuchPlace("FIRM01", Secret(PASSWORD), "127.0.0.1", server.port)
            async with OuchClient(place, events_max=events_max) as client:
                first = await client.next_event()
                assert first.message == ouch50.AccountQueryResponse(0, 1)
                await story(server, client)

    asyncio.run(run())


def test_requests_go_out_and_typed_answers_come_back():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        number = client.enter("AAPL", "B", 100, 1_500_000, tags=(tags.MaxFloor(50),))
        new = client.replace(number, 200, 1_500_100, time_in_force="3")
        client.cancel(new)
        client.modify(new, "T", 50)
        swept = client.mass_cancel("FIRM", "AAPL", tags=(tags.Side("B"),))
        off, on = client.set_entry(False), client.set_entry(True, "FIRM")
        assert (number, new, swept, off, on) == (1, 2, 3, 4, 5)
        events = [await client.next_event() for _ in range(7)]
        assert [event.sequence for event in events] == list(range(2, 9))
        assert [(type(e.message).__name__, e.message.user_ref_num) for e in events] == [
            ("OrderAccepted", 1),
            ("OrderReplaced", 2),
            ("OrderCanceled", 2),
            ("OrderModified", 2),
            ("MassCancelResponse", 3),
            ("DisableOrderEntryResponse", 4),
            ("EnableOrderEntryResponse", 5),
        ]
        assert server.heard[1] == ouch50.EnterOrderRequest(
            1, "B", 100, "AAPL", 1_500_000, "0", "Y", "P", "N", "N", "", (tags.MaxFloor(50),)
        )
        assert await client.query() == 6

    told(story)


def test_channels_number_on_their_own():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        assert [client.enter("AAPL", "B", 1, 1, channel=c) for c in (0, 3, 3, 0)] == [1, 1, 2, 2]
        client.cancel(2, channel=3)
        events = [(await client.next_event()).message for _ in range(5)]
        found = [ouch50.find(message, tags.UserRefIndex) for message in events]
        assert [index.value if index else 0 for index in found] == [0, 3, 3, 0, 3]
        assert await client.query(channel=3) == 3

    told(story)


def test_after_a_break_nothing_is_lost_and_nothing_comes_twice():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        client.enter("AAPL", "B", 100, 1_500_000)
        assert (await client.next_event()).sequence == 2
        server.break_off()
        with pytest.raises(VenueError) as raised:
            await client.next_event()
        assert (raised.value.code, raised.value.retryable) == ("EXC-042", True)
        with pytest.raises(VenueError):
            client.enter("AAPL", "B", 100, 1_500_000)
        assert client.next_sequence == 3
        for shares in (10, 20):
            server.say(ouch50.OrderExecuted(0, 1, shares, 1_500_000, "A", shares))
        await client.reconnect()
        assert (server.logins[1].session, server.logins[1].sequence) == (SESSION, 3)
        events = [await client.next_event() for _ in range(3)]
        assert [event.sequence for event in events] == [3, 4, 5]
        assert [getattr(e.message, "quantity", 0) for e in events] == [10, 20, 0]
        assert client.enter("AAPL", "B", 100, 1_500_000) == 2

    told(story)


def test_a_new_client_learns_the_numbers_used_before_it():
    async def run() -> None:
        async with PlainOuchServer() as server:
            server.last = {0: 41}
            server.say(ouch50.OrderExecuted(0, 7, 1, 1, "A", 1))
            place = OuchPlace("FIRM01", Secret(PASSWORD), "127.0.0.1", server.port)
            async with OuchClient(place) as client:
                assert client.enter("AAPL", "B", 1, 1) == 42
            async with OuchClient(place, sequence=1) as client:
                assert (await client.next_event()).sequence == 1
                assert client.enter("AAPL", "B", 1, 1) == 43

    asyncio.run(run())


def test_a_request_sent_again_with_its_number_is_acted_on_once():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        client.enter("AAPL", "B", 100, 1_500_000)
        await client.next_event()
        client.send(server.heard[-1])
        assert await client.query() == 2
        assert [type(m).__name__ for m in server.heard[1:3]] == ["EnterOrderRequest"] * 2
        assert (await client.next_event()).message == ouch50.AccountQueryResponse(0, 2)

    told(story)


def test_a_value_that_does_not_fit_uses_no_number():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        with pytest.raises(WireError):
            client.enter("TOOLONGNAME", "B", 100, 1)
        assert client.enter("AAPL", "B", 100, 1) == 1

    told(story)


def test_the_end_of_the_session_ends_the_iteration():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        server.say(ouch50.SystemEvent(5, "E"))
        server.end()
        assert [event.message async for event in client] == [ouch50.SystemEvent(5, "E")]
        assert not client.is_connected

    told(story)


def test_a_reader_too_slow_is_cut_off_and_may_resume():
    async def story(server: PlainOuchServer, client: OuchClient) -> None:
        for number in range(20):
            server.say(ouch50.SystemEvent(number, "S"))
        while client.is_connected:
            await asyncio.sleep(0.01)
        seen = []
        with pytest.raises(VenueError) as raised:
            seen += [(await client.next_event()).sequence for _ in range(30)]
        assert raised.value.code == "EXC-043"

    told(story, events_max=10)


def test_trouble_at_login_says_what_it_is(monkeypatch):
    monkeypatch.setattr(client_module, "_LOGIN_S", 0.2)

    async def code_of(server: PlainOuchServer, password: str) -> tuple[str, str]:
        place = OuchPlace("FIRM01", Secret(password), "127.0.0.1", server.port)
        with pytest.raises(VenueError) as raised:
            await OuchClient(place).connect()
        assert password not in str(raised.value)
        return raised.value.code, raised.value.message

    async def run() -> None:
        async with PlainOuchServer() as server:
            code, message = await code_of(server, "wrongpass")
            assert code == "EXC-041"
            assert "refused (A)" in message
            server.is_mute = True
            code, message = await code_of(server, PASSWORD)
            assert code == "EXC-041"
            assert "no answer" in message

    asyncio.run(run())


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = OuchPlace("FIRM01", Secret(PASSWORD), "127.0.0.1", free.getsockname()[1])
        with pytest.raises(VenueError) as raised:
            asyncio.run(OuchClient(place).connect())
    assert (raised.value.code, raised.value.retryable) == ("EXC-040", True)
