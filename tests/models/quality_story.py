# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain writer of a run's journal: what the market did, what was ordered, what became of it.

What judges orders is tested on stories told here, to the entry. It keeps a list of what it wrote.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from onetape.events import (
    CancelOrder,
    CancelReason,
    CancelSent,
    CloseParent,
    ConfigLoaded,
    EnterOrder,
    Event,
    InstrumentDefined,
    InstrumentListed,
    Liquidity,
    MarketAction,
    MarketUpdated,
    OpenParent,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderSent,
    OrderType,
    ReplaceOrder,
    ReplaceSent,
    ReportKind,
    SetQuote,
    Side,
    StrategyStarted,
    SubmitOrder,
    TimeInForce,
    VenueDefined,
    VenueReported,
)
from onetape.journal import JournalWriter

BUY, SELL = Side.BUY, Side.SELL
START_NS = 1_795_168_800_000_000_000  # 2026-11-20 10:00 UTC
QUOTE_ID = 1 << 63
MS = 1_000_000


class Story:
    """Writes a journal, one happening at a time. Time goes on by `after_ms` before each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = JournalWriter(path, segment_bytes=1 << 16)
        self.ts_ns = START_NS
        self.told: list[tuple[int, int, Event]] = []
        self.cause = 0
        self._ref = 0
        self._match = 0
        # As a run says it: how large its books are.
        limits = {"orders_max": 4_096, "instruments_max": 64, "window_levels": 256}
        self.put(ConfigLoaded(schema_version=1, reserved=0,
                              tail=msgspec.json.encode({"engine": limits})))  # fmt: skip

    def wait(self, ms: float) -> Story:
        self.ts_ns += round(ms * MS)
        return self

    def put(self, event: Event, *, source: int = 1) -> int:
        seq = self.writer.append(event, ts_ns=self.ts_ns, source=source)
        self.told.append((seq, self.ts_ns, event))
        if source:
            self.cause = seq
        return seq

    def close(self) -> Path:
        self.writer.close()
        return self.path

    # What there is

    def instrument(
        self,
        number: int,
        *,
        tick_e9: int = 10_000_000,
        lot_e9: int = 1_000_000_000,
        currency: bytes = b"USD",
        symbol: bytes = b"",
        venue: int = 0,
    ) -> Story:
        self.put(
            InstrumentDefined(
                symbol=symbol or b"I%d" % number, currency=currency, tick_e9=tick_e9,
                lot_e9=lot_e9, multiplier_e9=1_000_000_000, instrument_id=number, venue_code=0,
            )
        )  # fmt: skip
        if venue:
            self.put(InstrumentListed(instrument_id=number, venue_id=venue, product_id=1,
                                      reserved=0))  # fmt: skip
        return self

    def venue(self, number: int, name: bytes, *, adapter: bool = True) -> Story:
        self.put(VenueDefined(venue_id=number, is_adapter=adapter, feed_id=number, reserved=0,
                              tail=name))  # fmt: skip
        return self

    def strategy(self, number: int, name: bytes) -> Story:
        self.put(StrategyStarted(strategy_id=number, reserved=0, code_hash=1, tail=name))
        return self

    # What the market does

    def market(
        self,
        action: MarketAction,
        *,
        ref: int = 0,
        other: int = 0,
        side: int = 0,
        price: int = 0,
        qty: int = 0,
        instrument: int = 1,
        flags: int = 0,
    ) -> int:
        return self.put(
            MarketUpdated(
                venue_ts_ns=self.ts_ns, order_ref=ref, other_ref=other, price_ticks=price,
                qty_lots=qty, instrument_id=instrument, action=action, side=side, flags=flags,
            )
        )  # fmt: skip

    def add(self, side: Side, price: int, qty: int = 100, *, instrument: int = 1) -> int:
        self._ref += 1
        self.market(MarketAction.ADD, ref=self._ref, side=side, price=price, qty=qty,
                    instrument=instrument)  # fmt: skip
        return self._ref

    def delete(self, ref: int, *, instrument: int = 1) -> None:
        self.market(MarketAction.DELETE, ref=ref, instrument=instrument)

    def trade(self, price: int, qty: int, *, instrument: int = 1, flags: int = 0) -> int:
        self._match += 1
        self.market(MarketAction.TRADE, other=self._match, price=price, qty=qty,
                    instrument=instrument, flags=flags)  # fmt: skip
        return self._match

    def book(self, bid: int, ask: int, qty: int = 100, *, instrument: int = 1) -> Story:
        """Empty the book, and have one order a side in it."""
        self.market(MarketAction.CLEAR, instrument=instrument)
        self.add(BUY, bid, qty, instrument=instrument)
        self.add(SELL, ask, qty, instrument=instrument)
        return self

    # What a strategy asks for

    def enter(
        self,
        client: int,
        side: Side,
        price: int,
        qty: int,
        *,
        strategy: int = 1,
        instrument: int = 1,
        tif: TimeInForce = TimeInForce.DAY,
    ) -> int:
        kind = OrderType.LIMIT if price else OrderType.MARKET
        return self.put(
            EnterOrder(
                client_id=client, price_ticks=price, qty_lots=qty, strategy_id=strategy,
                instrument_id=instrument, side=side, order_type=kind, time_in_force=tif,
                post_only=0, stp_mode=0, reserved=b"",
            )
        )  # fmt: skip

    def ask_replace(self, client: int, new: int, price: int, qty: int, *, strategy: int = 1,
                    instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            ReplaceOrder(client_id=client, new_client_id=new, price_ticks=price, qty_lots=qty,
                         strategy_id=strategy, instrument_id=instrument)
        )  # fmt: skip

    def ask_cancel(self, client: int, *, strategy: int = 1, instrument: int = 1) -> int:
        return self.put(
            CancelOrder(client_id=client, qty_lots=0, strategy_id=strategy,
                        instrument_id=instrument)
        )  # fmt: skip

    def quote(self, bid: int, ask: int, qty: int, *, strategy: int = 1, instrument: int = 1) -> int:
        return self.put(
            SetQuote(bid_price_ticks=bid, ask_price_ticks=ask, bid_qty_lots=qty, ask_qty_lots=qty,
                     strategy_id=strategy, instrument_id=instrument)
        )  # fmt: skip

    def open_parent(self, parent: int, side: Side, qty: int, *, strategy: int = 1,
                    instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            OpenParent(parent_id=parent, qty_lots=qty, strategy_id=strategy,
                       instrument_id=instrument, children_max=9, side=side, reserved=b"")
        )  # fmt: skip

    def close_parent(self, parent: int, *, strategy: int = 1) -> int:
        return self.put(CloseParent(parent_id=parent, strategy_id=strategy, reserved=0))

    def submit(self, client: int, side: Side, price: int, qty: int, *, parent: int = 0,
               strategy: int = 1, instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            SubmitOrder(client_id=client, price_ticks=price, qty_lots=qty, display_lots=0,
                        min_qty_lots=0, stop_price_ticks=0, peg_offset_ticks=0, expire_ts_ns=0,
                        parent_id=parent, after_id=0, group_id=0, strategy_id=strategy,
                        instrument_id=instrument, side=side, order_type=OrderType.LIMIT,
                        time_in_force=TimeInForce.DAY, stp_mode=0, flags=0, reserved=b"")
        )  # fmt: skip

    # What became of it

    def accepted(
        self,
        order_id: int,
        client: int,
        side: Side,
        price: int,
        qty: int,
        *,
        strategy: int = 1,
        instrument: int = 1,
        tif: TimeInForce = TimeInForce.DAY,
    ) -> int:
        kind = OrderType.LIMIT if price else OrderType.MARKET
        return self.put(
            OrderAccepted(
                cause_seq=self.cause, order_id=order_id, client_id=client, price_ticks=price,
                qty_lots=qty, strategy_id=strategy, instrument_id=instrument, side=side,
                order_type=kind, time_in_force=tif, post_only=0, reserved=0,
            ),
            source=0,
        )  # fmt: skip

    def replaced(self, old: int, new: int, client: int, price: int, qty: int, *, strategy: int = 1,
                 instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            OrderReplaced(cause_seq=self.cause, old_order_id=old, order_id=new, client_id=client,
                          price_ticks=price, qty_lots=qty, strategy_id=strategy,
                          instrument_id=instrument),
            source=0,
        )  # fmt: skip

    def canceled(
        self,
        order_id: int,
        client: int,
        qty: int,
        *,
        leaves: int = 0,
        reason: CancelReason = CancelReason.USER,
        strategy: int = 1,
        instrument: int = 1,
    ) -> int:
        return self.put(
            OrderCanceled(cause_seq=self.cause, order_id=order_id, client_id=client, qty_lots=qty,
                          leaves_lots=leaves, strategy_id=strategy, instrument_id=instrument,
                          reason=reason, reserved1=0, reserved2=0),
            source=0,
        )  # fmt: skip

    def filled(
        self,
        order_id: int,
        client: int,
        side: Side,
        price: int,
        qty: int,
        leaves: int,
        *,
        strategy: int = 1,
        instrument: int = 1,
        liquidity: Liquidity = Liquidity.ADDED,
        arrival_mid2: int = 0,
    ) -> int:
        self._match += 1
        return self.put(
            OrderFilled(cause_seq=self.cause, order_id=order_id, client_id=client,
                        match_id=self._match, price_ticks=price, qty_lots=qty, leaves_lots=leaves,
                        arrival_mid2_ticks=arrival_mid2, strategy_id=strategy,
                        instrument_id=instrument, side=side, liquidity=liquidity, reserved1=0,
                        reserved2=0),
            source=0,
        )  # fmt: skip

    def rejected(self, client: int, reason: int, *, command: int = EnterOrder.KIND,
                 strategy: int = 1, instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            OrderRejected(cause_seq=self.cause, client_id=client, value=0, bound=0,
                          strategy_id=strategy, instrument_id=instrument, reason=reason,
                          command=command, reserved=0),
            source=0,
        )  # fmt: skip

    # What goes over a wire

    def sent(self, number: int, side: Side, price: int, qty: int, *, venue: int = 1,
             strategy: int = 1, instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            OrderSent(cause_seq=self.cause, number=number, price_ticks=price, qty_lots=qty,
                      display_lots=0, min_qty_lots=0, stop_price_ticks=0, expire_ts_ns=0,
                      venue_id=venue, instrument_id=instrument, strategy_id=strategy, side=side,
                      order_type=OrderType.LIMIT, time_in_force=TimeInForce.DAY, post_only=0),
            source=0,
        )  # fmt: skip

    def cancel_sent(self, number: int, *, venue: int = 1, instrument: int = 1) -> int:
        return self.put(
            CancelSent(cause_seq=self.cause, number=number, order_id=0, qty_lots=0, venue_id=venue,
                       instrument_id=instrument),
            source=0,
        )  # fmt: skip

    def replace_sent(self, number: int, new: int, price: int, qty: int, *, venue: int = 1,
                     instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            ReplaceSent(cause_seq=self.cause, number=number, new_number=new, order_id=0,
                        price_ticks=price, qty_lots=qty, venue_id=venue, instrument_id=instrument),
            source=0,
        )  # fmt: skip

    def reported(self, report: ReportKind, number: int, *, fee_e9: int = 0, venue: int = 1,
                 instrument: int = 1) -> int:  # fmt: skip
        return self.put(
            VenueReported(
                number=number, order_id=number, exec_id=0, price_ticks=0, qty_lots=0, leaves_lots=0,
                executed_lots=0, fee_e9=fee_e9, venue_ts_ns=0, venue_id=venue,
                instrument_id=instrument, report=report, side=0, liquidity=0, cancel_reason=0,
                is_drop_copy=0, reserved=b"", tail=b"",
            ),
            source=2,
        )  # fmt: skip
