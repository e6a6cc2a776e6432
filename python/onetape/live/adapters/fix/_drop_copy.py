# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A FIX venue's drop copy: a session of its own that tells what happened to our orders again.

What it says is handed in to be compared, never to be applied.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from onetape.errors import ConversionError, DecodeError
from onetape.events import CancelReason, Liquidity, ReportKind, Side, VenueReported
from onetape.live.adapters.fix._names import Names, id_of

if TYPE_CHECKING:
    from onetape.types import Instrument
    from onetape.wire import fix

_KINDS = {
    b"0": ReportKind.ACCEPTED,
    b"5": ReportKind.REPLACED,
    b"F": ReportKind.FILLED,
    b"1": ReportKind.FILLED,
    b"2": ReportKind.FILLED,
    b"3": ReportKind.CANCELED,
    b"4": ReportKind.CANCELED,
    b"B": ReportKind.CANCELED,
    b"C": ReportKind.CANCELED,
    b"D": ReportKind.OPEN,
    b"L": ReportKind.OPEN,
}
_SIDES = {b"1": Side.BUY, b"2": Side.SELL, b"5": Side.SELL, b"6": Side.SELL}

Tell = Callable[[VenueReported], Awaitable[None]]


class DropCopy:
    """Hears a drop copy.

    Args:
        venue_id: Venue.
        instruments: What is traded there, by symbol.
        names: ClOrdIDs.
        tell: Hands a report in.
        say_link: Says that it came up or went down.
    """

    def __init__(
        self,
        venue_id: int,
        instruments: Mapping[str, Instrument],
        names: Names,
        tell: Tell,
        say_link: Callable[[bool, str], Awaitable[None]],
    ) -> None:
        self._venue_id = venue_id
        self._instruments = instruments
        self._names = names
        self._tell = tell
        self._say_link = say_link
        # The venue's number of each order that lives: a replacement names it by ours alone.
        self._ids: dict[int, int] = {}

    async def logged_on(self) -> None:
        """Take it that it is heard."""
        await self._say_link(True, "logged on")

    async def link_down(self, why: str, *, was_up: bool) -> None:
        """Take it that it is not heard any more."""
        if was_up:
            await self._say_link(False, why)

    async def rejected(self, sequence: int) -> None:
        """Take it that the venue rejects a message; none but the session's own is sent here."""
        del sequence

    async def said(self, message: fix.Message) -> None:
        """Take a message.

        Raises:
            DecodeError: ADP-030, a report cannot be read.
        """
        if message.msg_type != b"8":
            return
        try:
            reports = self._reports(message)
        except (KeyError, ConversionError) as err:
            text = err.message if isinstance(err, ConversionError) else f"tag {err} is missing"
            raise DecodeError(
                f"drop copy, ExecutionReport {_text(message, 17)}: {text}",
                code="ADP-030",
                hint="the venue's units or its FIX differ from what the configuration says",
            ) from err
        for report in reports:
            await self._tell(report)

    def _reports(self, said: fix.Message) -> list[VenueReported]:
        kind = _KINDS.get(said.find(150) or b"")
        instrument = self._instruments.get(_text(said, 55))
        if kind is None or instrument is None:
            return []
        number, order_id = self._names.number(_text(said, 11)), id_of(_text(said, 37))
        reports = []
        leaves = instrument.qty_lots(_needed(said, 151))
        if kind == ReportKind.REPLACED:
            old = self._names.number(_text(said, 41))
            old_id = self._ids.pop(old, 0)
            if old_id and old != number:
                gone = {"leaves_lots": 0, "cancel_reason": CancelReason.REPLACE}
                reports.append(
                    self._report(said, instrument, ReportKind.CANCELED, (old, old_id), gone)
                )
        if leaves and number:
            self._ids[number] = order_id
        else:
            self._ids.pop(number, None)
        more = {"leaves_lots": leaves}
        if kind == ReportKind.FILLED:
            more |= {
                "exec_id": id_of(_needed(said, 17)),
                "qty_lots": instrument.qty_lots(_needed(said, 32)),
                "price_ticks": instrument.price_ticks(_needed(said, 31)),
                "liquidity": Liquidity.ADDED if said.find(851) == b"1" else Liquidity.REMOVED,
            }
        elif kind == ReportKind.CANCELED:
            more["cancel_reason"] = CancelReason.USER
        return [*reports, self._report(said, instrument, kind, (number, order_id), more)]

    def _report(
        self,
        said: fix.Message,
        instrument: Instrument,
        kind: ReportKind,
        names: tuple[int, int],
        more: Mapping[str, int],
    ) -> VenueReported:
        price = _text(said, 44)
        usual = {
            "exec_id": 0,
            "qty_lots": instrument.qty_lots(_text(said, 38) or "0"),
            "price_ticks": instrument.price_ticks(price) if price else 0,
            "liquidity": 0,
            "cancel_reason": 0,
        }
        return VenueReported(
            **{**usual, **more},
            number=names[0],
            order_id=names[1],
            executed_lots=instrument.qty_lots(_needed(said, 14)),
            fee_e9=0,
            venue_ts_ns=0,
            venue_id=self._venue_id,
            instrument_id=instrument.id,
            report=kind,
            side=_SIDES.get(said.find(54) or b"", Side.BUY),
            is_drop_copy=1,
            reserved=b"",
            tail=said.find(17) or b"",
        )


def _text(said: fix.Message, tag: int) -> str:
    return (said.find(tag) or b"").decode("latin-1")


def _needed(said: fix.Message, tag: int) -> str:
    value = said.find(tag)
    if value is None:
        raise KeyError(tag)
    return value.decode("latin-1")
