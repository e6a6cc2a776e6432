# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of Binance spot: market data in, orders out, reports back.

Whenever order entry comes up the engine asks for everything: each order that may live, all open
orders, trades since, positions. What is known already is not reported twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp

from onetape.errors import ConfigError, DecodeError, OnetapeError, VenueError
from onetape.events import (
    CancelSent,
    MassCancelSent,
    OrderSent,
    PositionReported,
    QuerySent,
    ReplaceSent,
    VenueLink,
)
from onetape.live.adapters._adapter import (
    REPORTS,
    Adapter,
    Backoff,
    Inlet,
    Outbound,
    Sent,
    age_refusal,
)
from onetape.live.adapters._our_order import OurOrder
from onetape.live.adapters.binance import _requests as ask
from onetape.live.adapters.binance._calls import (
    NOT_SENT,
    Answer,
    ApiConnection,
    Outcome,
    Refusal,
    RestCalls,
    Unknown,
    desk_of,
)
from onetape.live.adapters.binance._market_data import MarketData
from onetape.live.adapters.binance._messages import (
    Account,
    Balance,
    BalanceUpdate,
    ExchangeInfo,
    Execution,
    ExecutionReport,
    OrderState,
    ServerTime,
    read,
)
from onetape.live.adapters.binance._order_entry import OrderEntry
from onetape.live.adapters.binance._orders import Orders, Said
from onetape.live.adapters.binance._reports import (
    ListenKeyStream,
    raise_if_key_refused,
    read_event,
)
from onetape.live.adapters.binance._requests import ClientIds, Request
from onetape.live.adapters.binance._rules import Listing, rules_of
from onetape.types import decimal_to_units

if TYPE_CHECKING:
    from pathlib import Path

    from onetape.live.adapters.binance.config import BinanceConfig
    from onetape.types import Instrument

_TIMESTAMP = -1021
_TRADES_A_PAGE = 1_000
#: How often balances are asked for anew because a trade came in between.
_POSITION_TRIES = 5


class BinanceAdapter(Adapter):
    """Speaks with Binance spot for one account.

    Args:
        venue_id: Venue.
        inlet: Where statements go.
        config: The account.
        instruments: What is traded and listened to; symbols as the venue writes them.
        rng: Where the jitter of waits comes from.
        bar: While this file is there, no new order leaves.
    """

    def __init__(
        self,
        venue_id: int,
        inlet: Inlet,
        config: BinanceConfig,
        instruments: Sequence[Instrument],
        *,
        rng: random.Random | None = None,
        bar: Path | None = None,
    ) -> None:
        super().__init__(venue_id, inlet, bar)
        self.config = config
        self._instruments = instruments
        self._backoff = Backoff(
            rng or random.Random(),  # noqa: S311 - the jitter of waits
            first_s=config.retry_first_s,
            most_s=config.retry_most_s,
        )
        self._ids = ClientIds(config.prefix)
        self._desk = desk_of(config)
        self._listings: dict[str, Listing] = {}
        self._orders = Orders(venue_id, {}, self._ids)
        self._is_up = False
        self._telling = asyncio.Lock()
        self._events: asyncio.Queue[bytes] = asyncio.Queue()
        self._in_flight = asyncio.Semaphore(config.requests_max)

    async def run(self, outbound: Outbound) -> None:
        """Speak with the venue until cancelled.

        Args:
            outbound: What the engine sends to this venue.

        Raises:
            ConfigError: If a symbol is unknown there, or its units do not fit (ADP-001, ADP-004).
            VenueError: If the venue refuses the key (ADP-020).
        """
        async with aiohttp.ClientSession() as session:
            self._rest = RestCalls(session, self.config.rest_url, self._desk)
            self._api = ApiConnection(
                session, self.config.api_url, self._desk, self._events.put_nowait
            )
            # Whoever was here before may have died without a word.
            for link in (VenueLink.ORDERS, VenueLink.DATA):
                await self.say_link(link, is_up=False, why="the adapter starts")
            await self._prepare(outbound)
            market = MarketData(
                self, self.config, self._instruments, self._surely, backoff=self._backoff.fresh()
            )
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(market.run(session))
                    group.create_task(self._commands(outbound, group))
                    group.create_task(self._order_sessions(session))
                    group.create_task(self._keep_time())
            except* OnetapeError as errors:
                raise errors.exceptions[0] from None

    async def _prepare(self, outbound: Outbound) -> None:
        await self._read_clock()
        request = Request("exchangeInfo", {"symbols": _json_list(self._instruments)})
        outcome = await self._surely(request)
        if not isinstance(outcome, Answer):
            raise ConfigError(
                f"Binance does not list all of {_json_list(self._instruments)}: {outcome.text}",
                code="ADP-004",
                hint="write symbols as the venue does: BTCUSDT",
            )
        info = read(ExchangeInfo, outcome.body)
        self._desk.limits.set_limits(info.rate_limits)
        by_symbol = {symbol.symbol: symbol for symbol in info.symbols}
        for instrument in self._instruments:
            rules = rules_of(by_symbol[instrument.symbol], instrument)
            self._listings[instrument.symbol] = Listing(instrument, rules)
        self._orders = Orders(
            self.venue_id, self._listings, self._ids, orders_max=self.config.orders_max
        )
        self._entry = OrderEntry(
            self._orders,
            self._ids,
            self._desk,
            call=self._once,
            surely=self._surely,
            tell=self._tell,
            backoff=self._backoff,
            bar=lambda: self.refusal(is_up=self._is_up),
        )
        self._remember(outbound)

    def _remember(self, outbound: Outbound) -> None:
        """Take up what was sent and reported before: the outcome of the rest is asked for."""
        for sent in outbound.backlog():
            event = sent.event
            if isinstance(event, OrderSent):
                self._orders.enter(event)
            elif isinstance(event, ReplaceSent):
                old = self._orders.get(event.number)
                if old is not None:
                    self._orders.replace(event, old)
            elif isinstance(event, REPORTS):
                self._orders.remember(event)

    async def _commands(self, outbound: Outbound, group: asyncio.TaskGroup) -> None:
        async for sent in outbound:
            await self._in_flight.acquire()
            # One that fails ends the adapter: the next one asks what became of all of them.
            task = group.create_task(self._carry_out(sent))
            task.add_done_callback(lambda _: self._in_flight.release())

    async def _carry_out(self, sent: Sent) -> None:
        event, entry = sent.event, self._entry
        too_old = age_refusal(sent, self.config.order_age_max_ms)
        if isinstance(event, OrderSent):
            await entry.enter(event, too_old=too_old)
        elif isinstance(event, ReplaceSent):
            await entry.replace(event, too_old=too_old)
        elif isinstance(event, CancelSent):
            await entry.cancel(event)
        elif isinstance(event, MassCancelSent):
            await entry.cancel_all(event, list(self._listings.values()))
        elif isinstance(event, QuerySent):
            await self._answer(event)

    async def _answer(self, query: QuerySent) -> None:
        if query.number == 0:
            await self._tell_everything()
            return
        order = self._orders.get(query.number)
        instrument_id = order.instrument_id if order is not None else query.instrument_id
        await self._entry.find_out(query.number, instrument_id)

    async def _order_sessions(self, session: aiohttp.ClientSession) -> None:
        while True:
            why, began = "ended", time.monotonic()
            try:
                why = await self._order_session(session)
            except (aiohttp.ClientError, TimeoutError, OSError) as err:
                why = f"no connection: {type(err).__name__}"
            except DecodeError as err:
                why = err.message
            except VenueError as err:
                if not err.retryable:
                    raise
                why = err.message
            finally:
                if self._is_up:
                    self._is_up = False
                    await self.say_link(VenueLink.ORDERS, is_up=False, why=why)
            await asyncio.sleep(self._backoff.after(time.monotonic() - began))

    async def _order_session(self, session: aiohttp.ClientSession) -> str:
        """Be connected, and return why that ended."""
        async with contextlib.AsyncExitStack() as stack:
            endings = []
            if "websocket" in self.config.orders_by or self.config.reports_by == "subscription":
                await self._api.open()
                endings.append(asyncio.create_task(self._api.read()))
            if self.config.reports_by == "listen_key":
                stream = ListenKeyStream(
                    session, self.config, self._rest.call, self._events.put_nowait
                )
                ended = await stack.enter_async_context(stream.opened())
                endings.append(asyncio.ensure_future(ended()))
            else:
                await self._subscribe()
            endings.append(asyncio.create_task(self._take_events()))
            age = asyncio.create_task(asyncio.sleep(self.config.connection_age_max_s))
            stack.callback(lambda: [task.cancel() for task in (*endings, age)])
            self._is_up = True
            # The engine answers this with a question for everything, and sends nothing before it is
            # answered: only what it asked after all its orders can be an answer about all of them.
            await self.say_link(VenueLink.ORDERS, is_up=True, why="logged in")
            done, _ = await asyncio.wait({*endings, age}, return_when=asyncio.FIRST_COMPLETED)
            if age in done:
                return "renewed before the venue ends it"
            return str(done.pop().result())

    async def _subscribe(self) -> None:
        request = Request("userDataStream.subscribe.signature", {})
        outcome = await self._api.call(request)
        if isinstance(outcome, Refusal) and outcome.code == _TIMESTAMP:
            await self._read_clock()
        raise_if_key_refused(outcome)
        if not isinstance(outcome, Answer):
            raise VenueError(
                f"no user stream: {outcome.text}",
                code="ADP-021",
                hint="the adapter tries again by itself",
                retryable=True,
            )

    async def _take_events(self) -> str:
        while True:
            said = read_event(await self._events.get())
            if isinstance(said, str):
                return f"the venue ended the user stream: {said}"
            if isinstance(said, ExecutionReport):
                await self._take_execution(said)
            elif isinstance(said, BalanceUpdate) and self._is_up:
                # A deposit, a withdrawal, a transfer: no trade of ours explains it.
                await self._tell_positions()

    async def _take_execution(self, said: ExecutionReport) -> None:
        at, number = self._listings.get(said.symbol), self._ids.number(said.name)
        if at is None:
            return
        before = at.instrument.qty_lots(said.executed)
        if said.execution == "TRADE":
            before -= at.instrument.qty_lots(said.last_qty)
        order = self._orders.get(number)
        if order is not None and order.executed_lots < before:
            # Trades passed us by while the stream was down.
            await self._entry.tell_trades(at, number, said.order_id)
        await self._tell(self._orders.on_execution(said))

    async def _tell_everything(self) -> None:
        """Report all that may be news after a time without reports.

        The engine takes it that an order of which nothing is said was never there: each that was
        sent before it asked is settled first, however long that takes.
        """
        live = self._orders.live()
        seen: set[int] = set()
        for at in list(self._listings.values()):
            outcome = await self._surely(ask.open_orders(at.instrument))
            if isinstance(outcome, Answer):
                for state in read(list[OrderState], outcome.body):
                    seen.add(self._ids.number(state.name))
                    await self._entry.tell_state(at, state, is_answer=True)
            raise_if_key_refused(outcome)
        rest = [order for order in live if order.number not in seen]
        await asyncio.gather(*(self._settle(order) for order in rest))
        for at in list(self._listings.values()):
            await self._tell_trades_since(at)
        await self._tell_positions()
        await self._tell([self._orders.all_told()])

    async def _settle(self, order: OurOrder) -> None:
        await self._entry.until_settled(order.number)
        if not order.is_done:
            await self._entry.find_out(order.number, order.instrument_id)

    async def _tell_trades_since(self, at: Listing) -> None:
        """Report the trades since the newest that was told; at first those that the venue gives."""
        last_ids, instrument = self._orders.last_trade_ids, at.instrument
        is_more = True
        while is_more:
            last_id = last_ids.get(instrument.id)
            since = {} if last_id is None else {"fromId": last_id + 1}
            outcome = await self._surely(ask.trades(instrument, **since))
            if not isinstance(outcome, Answer):
                return
            trades = read(list[Execution], outcome.body)
            await self._tell(self._orders.on_trades(instrument.symbol, trades))
            newest = max((trade.number for trade in trades), default=last_id or 0)
            last_ids[instrument.id] = max(last_ids.get(instrument.id, 0), newest)
            is_more = last_id is not None and len(trades) >= _TRADES_A_PAGE

    async def _tell_positions(self) -> None:
        """Report what is held, as it is after exactly the trades that were told."""
        balances: Sequence[Balance] = ()
        for _ in range(_POSITION_TRIES):
            before = dict(self._orders.last_trade_ids)
            outcome = await self._surely(Request("account.status", {"omitZeroBalances": "false"}))
            if not isinstance(outcome, Answer):
                return
            balances = read(Account, outcome.body).balances
            for at in list(self._listings.values()):
                await self._tell_trades_since(at)
            if before == self._orders.last_trade_ids:
                break
        held = {
            balance.asset: decimal_to_units(balance.free, 1) + decimal_to_units(balance.locked, 1)
            for balance in balances
        }
        told: set[str] = set()
        for at in self._listings.values():
            # What is held of an asset is told once, by the first instrument that trades it.
            asset, instrument = at.rules.base_asset, at.instrument
            if asset not in told:
                told.add(asset)
                # Fees of less than a lot are not off the position yet.
                amount_e9 = held.get(asset, 0) + self._orders.fees.left_e9(asset)
                said = PositionReported(
                    position_lots=amount_e9 // instrument.lot_e9,
                    venue_id=self.venue_id,
                    instrument_id=instrument.id,
                )
                await self.hand_in(said)

    async def _tell(self, reports: Sequence[Said]) -> None:
        async with self._telling:
            for report in reports:
                await self.hand_in(report)

    async def _once(self, request: Request) -> Outcome:
        """Send a request once, the usual way."""
        if self.config.orders_by == "websocket":
            return await self._api.call(request)
        return await self._rest.call(request)

    async def _surely(self, request: Request) -> Outcome:
        """Send a request by any way there is, again and again while that can do no harm."""
        backoff, clock = self._backoff.fresh(), self._desk.clock
        while True:
            wait_s = self._desk.limits.wait_s(
                clock.now_ms(), weight=request.weight, is_privileged=request.is_privileged
            )
            if wait_s:
                await asyncio.sleep(wait_s)
                continue
            is_question = request.method.verb == "GET"
            by_socket = self._api.is_open and self.config.orders_by == "websocket"
            caller = self._api if by_socket and not is_question else self._rest
            outcome = await caller.call(request)
            if isinstance(outcome, Unknown) and not is_question:
                return outcome
            if isinstance(outcome, Refusal) and outcome.code == _TIMESTAMP:
                await self._read_clock()
            elif isinstance(outcome, Answer) or (
                isinstance(outcome, Refusal) and outcome.code not in {NOT_SENT, -1003, -1008}
            ):
                return outcome
            await asyncio.sleep(backoff.next_s())

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(self.config.clock_interval_s)
            await self._read_clock()

    async def _read_clock(self) -> None:
        clock = self._desk.clock
        asked_ms = clock.own_ms()
        outcome = await self._rest.call(Request("time", {}))
        if isinstance(outcome, Answer):
            clock.set(read(ServerTime, outcome.body).time_ms, asked_ms, clock.own_ms())


def _json_list(instruments: Sequence[Instrument]) -> str:
    names = ",".join(f'"{instrument.symbol}"' for instrument in instruments)
    return f"[{names}]"
