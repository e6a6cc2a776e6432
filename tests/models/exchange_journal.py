# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain writer of an exchange's journal: says what happened, without a market behind it.

What reads a journal after the trade is tested on stories told here, to the entry.
"""

from __future__ import annotations

from pathlib import Path

from onetape.events import (
    CancelReason,
    DayStarted,
    Event,
    FirmDefined,
    InstrumentDefined,
    Liquidity,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderMessageReceived,
    OrderReplaced,
    OrderType,
    Phase,
    PhaseChanged,
    PortDefined,
    Side,
    TimeInForce,
    TradeBroken,
    TradeExecuted,
)
from onetape.journal import Journal, JournalWriter

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
#: 2026-11-20 00:00 UTC.
MIDNIGHT = 1_795_132_800 * SECOND
FIRMS = {1: "ALFA", 2: "BETA", 3: "GAMA"}
#: Two ports of the first firm, one of each other.
PORTS = {1: 1, 2: 1, 3: 2, 4: 3}
SYMBOLS = {1: "ACME", 2: "BOLT"}


class Story:
    """Writes a journal, one happening at a time; each returns what it was given a number for.

    Time stands where `at` last put it, in seconds of the day.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = JournalWriter(path)
        self.ts_ns = MIDNIGHT
        self._cause = 0
        self._orders: dict[int, dict[str, int]] = {}
        self._order_id = 0
        self._match_id = 0

    def at(self, seconds: float) -> Story:
        self.ts_ns = MIDNIGHT + round(seconds * SECOND)
        return self

    def put_in(self, event: Event) -> int:
        self._cause = self.writer.append(event, ts_ns=self.ts_ns, source=1)
        return self._cause

    def put_out(self, event: Event) -> int:
        return self.writer.append(event, ts_ns=self.ts_ns, source=0)

    def members(
        self, *, tick_e9: int = 10_000_000, lot_e9: int = SECOND, currency: bytes = b"USD"
    ) -> Story:
        for firm_id, mpid in FIRMS.items():
            self.put_in(
                FirmDefined(mpid=mpid.encode(), firm_id=firm_id, tail=b"Firm " + mpid.encode())
            )
        for port_id, firm_id in PORTS.items():
            self.put_in(self.port(port_id, firm_id))
        for number, symbol in SYMBOLS.items():
            self.put_in(
                InstrumentDefined(
                    symbol=symbol.encode(), currency=currency, tick_e9=tick_e9, lot_e9=lot_e9,
                    multiplier_e9=SECOND, instrument_id=number, venue_code=number,
                )
            )  # fmt: skip
        return self

    @staticmethod
    def port(port_id: int, firm_id: int) -> PortDefined:
        return PortDefined(
            order_qty_max=1, order_notional_max=1, open_orders_max=1, orders_per_second_max=1,
            cancels_per_second_max=1, port_id=port_id, firm_id=firm_id, collar_bps=0, kind=1,
            format=1, cancel_on_disconnect=1, stp_mode=0, stp_by_port=0, duplicates_max=0,
            post_only_rejects=0,
            tail=f"port{port_id}".encode(),
        )  # fmt: skip

    def day(self, number: int = 0) -> Story:
        """Start day `number` after 2026-11-20."""
        self.ts_ns = max(self.ts_ns, MIDNIGHT + number * DAY)
        self.put_in(DayStarted(midnight_ts_ns=self.ts_ns, date=20_261_120 + number, session=b"DAY"))
        return self

    def message(self, port: int) -> int:
        return self.put_in(OrderMessageReceived(port_id=port, format=1, tail=b"?"))

    def enter(self, port: int, side: Side, price: int, qty: int, *, instrument: int = 1) -> int:
        """Have an order accepted; return its id."""
        self.message(port)
        self._order_id += 1
        self._orders[self._order_id] = {
            "port": port, "side": side, "price": price, "qty": qty, "instrument": instrument,
        }  # fmt: skip
        self.put_out(
            OrderAccepted(
                cause_seq=self._cause, order_id=self._order_id, client_id=self._order_id + 1_000,
                price_ticks=price, qty_lots=qty, strategy_id=port, instrument_id=instrument,
                side=side, order_type=OrderType.LIMIT, time_in_force=TimeInForce.DAY, post_only=0,
            )
        )  # fmt: skip
        return self._order_id

    def cancel(self, order_id: int, reason: CancelReason = CancelReason.USER) -> int:
        order = self._orders[order_id]
        self.message(order["port"])
        return self.put_out(
            OrderCanceled(
                cause_seq=self._cause, order_id=order_id, client_id=order_id + 1_000,
                qty_lots=order["qty"], leaves_lots=0, strategy_id=order["port"],
                instrument_id=order["instrument"], reason=reason,
            )
        )  # fmt: skip

    def replace(self, order_id: int, price: int) -> int:
        """Have an order replaced at another price; return the new id."""
        order = self._orders[order_id]
        self.message(order["port"])
        self._order_id += 1
        self._orders[self._order_id] = order | {"price": price}
        self.put_out(
            OrderReplaced(
                cause_seq=self._cause, old_order_id=order_id, order_id=self._order_id,
                client_id=self._order_id + 1_000, price_ticks=price, qty_lots=order["qty"],
                strategy_id=order["port"], instrument_id=order["instrument"],
            )
        )  # fmt: skip
        return self._order_id

    def trade(self, resting: int, incoming: int, qty: int, *, maker: bool = True) -> int:
        """Have two orders trade at the resting one's price; return the trade's entry."""
        side = self._orders[resting]["side"]
        phase = Phase.CONTINUOUS if maker else Phase.CLOSING_AUCTION
        orders = {side: resting, self._orders[incoming]["side"]: incoming}
        self._match_id += 1
        same = {
            "cause_seq": self._cause, "match_id": self._match_id, "qty_lots": qty,
            "price_ticks": self._orders[resting]["price"],
            "instrument_id": self._orders[resting]["instrument"],
        }  # fmt: skip
        for mine, order_id in orders.items():
            added = mine == side and maker
            self.put_out(
                OrderFilled(
                    **same, order_id=order_id, client_id=order_id + 1_000, leaves_lots=0, side=mine,
                    arrival_mid2_ticks=0, strategy_id=self._orders[order_id]["port"],
                    liquidity=Liquidity.ADDED if added else Liquidity.REMOVED,
                )
            )  # fmt: skip
        buy, sell = orders[Side.BUY], orders[Side.SELL]
        return self.put_out(
            TradeExecuted(
                **same, buy_order_id=buy, sell_order_id=sell,
                buy_port_id=self._orders[buy]["port"], sell_port_id=self._orders[sell]["port"],
                maker_side=side if maker else 0, hidden=0, phase=phase,
            )
        )  # fmt: skip

    def deal(self, maker: int, taker: int, side: Side, price: int, qty: int, **of: int) -> int:
        """Have port `taker` trade on `side` with an order of port `maker`; return the entry."""
        resting = self.enter(maker, Side(3 - side), price, qty, **of)
        return self.trade(resting, self.enter(taker, side, price, qty, **of), qty)

    def cross(self, buyer: int, seller: int, price: int, qty: int) -> int:
        """Have two ports paired off in the closing auction; return the trade's entry."""
        resting = self.enter(buyer, Side.BUY, price, qty)
        return self.trade(resting, self.enter(seller, Side.SELL, price, qty), qty, maker=False)

    def undo(self, match_id: int, price: int, qty: int, ports: tuple[int, int]) -> int:
        self.message(1)
        return self.put_out(
            TradeBroken(
                cause_seq=self._cause, match_id=match_id, price_ticks=price, qty_lots=qty,
                buy_port_id=ports[0], sell_port_id=ports[1], instrument_id=1,
            )
        )  # fmt: skip

    def phase(self, phase: Phase, was: Phase, instrument: int = 1) -> int:
        self.message(1)
        return self.put_out(
            PhaseChanged(
                cause_seq=self._cause, instrument_id=instrument, phase=phase, was=was
            )
        )  # fmt: skip

    def close(self) -> Journal:
        self.writer.close()
        return Journal(self.path)
