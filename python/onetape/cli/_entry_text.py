# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An entry of the journal as one line: for people, or as JSON. Also the filter by instrument."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from onetape import events
from onetape.events import EVENTS, Event, InstrumentDefined, PacketFormat, PacketReceived
from onetape.types import format_ts_ns

if TYPE_CHECKING:
    from onetape.journal import Entry

_ENUMS: dict[str, type[IntEnum]] = {
    "action": events.MarketAction,
    "breaker": events.Breaker,
    "cancel_reason": events.CancelReason,
    "format": events.OrderFormat,
    "imbalance_side": events.Side,
    "kind": events.PortKind,
    "limit": events.Limit,
    "limit_side": events.Side,
    "link": events.VenueLink,
    "liquidity": events.Liquidity,
    "maker_side": events.Side,
    "market_action": events.MarketAction,
    "operation": events.Operation,
    "order_type": events.OrderType,
    "phase": events.Phase,
    "profile": events.LimitProfile,
    "report": events.ReportKind,
    "rule": events.FeedRule,
    "scope": events.RiskScope,
    "side": events.Side,
    "stp_mode": events.StpMode,
    "time_in_force": events.TimeInForce,
    "was": events.Phase,
    "what": events.UnexpectedFill,
}
#: Fields of one event alone.
_OWN_ENUMS: dict[tuple[type[Any], str], type[IntEnum] | None] = {
    (PacketReceived, "format"): events.PacketFormat,
    (events.EntryBlocked, "scope"): events.BlockScope,
    (events.OrderStateChanged, "was"): events.OrderState,
    (events.OrderStateChanged, "state"): events.OrderState,
    (events.ParentChanged, "state"): events.ParentState,
    (events.LegChanged, "state"): events.LegState,
    (events.LegChanged, "kind"): events.GroupKind,
    (events.SubmitGroup, "kind"): events.GroupKind,
    (events.SubmitGroup, "leg1_side"): events.Side,
    (events.SubmitGroup, "leg1_order_type"): events.OrderType,
    (events.SubmitGroup, "leg1_time_in_force"): events.TimeInForce,
    (events.SubmitGroup, "leg2_side"): events.Side,
    (events.SubmitGroup, "leg2_order_type"): events.OrderType,
    (events.SubmitGroup, "leg2_time_in_force"): events.TimeInForce,
    (events.SubmitGroup, "leg3_side"): events.Side,
    (events.SubmitGroup, "leg3_order_type"): events.OrderType,
    (events.SubmitGroup, "leg3_time_in_force"): events.TimeInForce,
    (events.TradingStateSet, "state"): events.TradingState,
    (events.TradingStateChanged, "state"): events.TradingState,
    (events.LimitBreached, "state"): events.TradingState,
    (events.FeedStateChanged, "state"): events.FeedState,
    (events.BookStateChanged, "state"): events.BookState,
    (events.FeedRuleBroken, "action"): events.RuleAction,
    (events.FeedRuleBroken, "limit"): None,
    (events.FlattenProgressed, "step"): events.FlattenStep,
    (events.KillProgressed, "step"): events.KillStep,
    (events.GuardianActed, "step"): events.GuardianStep,
    (events.BreakerSet, "action"): events.BreakerAction,
    (events.BreakerMoved, "action"): events.BreakerAction,
    (events.DifferenceChanged, "what"): events.Difference,
    (events.DifferenceChanged, "step"): events.DifferenceStep,
    (events.StrategyParameterSet, "kind"): events.ParameterKind,
    (events.StrategyParameterDeclared, "kind"): events.ParameterKind,
}
_REASONS: dict[type[Any], type[IntEnum]] = {
    events.FlattenProgressed: events.RejectReason,
    events.LimitBreached: events.RejectReason,
    events.OrderStateChanged: events.StateReason,
    events.RiskWarned: events.RejectReason,
    events.TradingStateChanged: events.RejectReason,
    events.OrderCanceled: events.CancelReason,
    events.OrderRejected: events.RejectReason,
    events.OrderRestated: events.RestateReason,
    events.SessionClosed: events.CloseReason,
    events.StrategyStopped: events.StopReason,
}
_TAIL_SHOWN_BYTES = 64
_MOLD_HEADER_BYTES = 20


def fields_of(event: Event) -> dict[str, object]:
    """Return the fields of an event, with names where the schema has them; reserved ones left out.

    A tail is text where it is text, else hex under `tail_hex`.
    """
    shown: dict[str, object] = {}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name.startswith("reserved"):
            continue
        if name == "tail":
            text = _text_of(value)
            shown["tail_hex" if text is None else "tail"] = value.hex() if text is None else text
        elif name.endswith("_hash"):
            shown[name] = f"{value:016x}"
        elif isinstance(value, bytes):
            shown[name] = value.decode("latin-1")
        else:
            shown[name] = _named(enum_of(type(event), name), value)
    return shown


def enum_of(kind: type[Any], name: str) -> type[IntEnum] | None:
    """Return what the numbers in a field of an event stand for; None for plain numbers."""
    usual = _REASONS.get(kind) if name == "reason" else _ENUMS.get(name)
    return _OWN_ENUMS.get((kind, name), usual)


def _named(kind: type[IntEnum] | None, value: int) -> int | str:
    """Return the name of a value, or the value when the schema has none."""
    try:
        return kind(value).name if kind else value
    except ValueError:
        return value


def _text_of(tail: bytes) -> str | None:
    try:
        text = tail.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def json_of(entry: Entry) -> dict[str, object]:
    """Return an entry as what `--json` prints."""
    event = entry.event
    head: dict[str, object] = {
        "seq": entry.seq,
        "ts_ns": entry.ts_ns,
        "kind": entry.kind,
        "name": entry.name,
        "source": entry.source,
    }
    return head | (fields_of(event) if event else {"body_hex": entry.body.hex()})


def line_of(entry: Entry, *, colour: bool) -> str:
    """Return an entry as one line for people."""
    bold, dim, plain = ("\033[1m", "\033[2m", "\033[0m") if colour else ("", "", "")
    event = entry.event
    fields = fields_of(event) if event else {"body_hex": entry.body.hex()}
    texts = [f"{dim}{name}={plain}{_short(value)}" for name, value in fields.items()]
    source = f"{dim}source={plain}{entry.source} " if entry.source else ""
    head = f"{entry.seq:>10}  {format_ts_ns(entry.ts_ns)}  {bold}{entry.name:<17}{plain}"
    return f"{head} {source}{' '.join(texts)}".rstrip()


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _TAIL_SHOWN_BYTES * 2 else f"{text[: _TAIL_SHOWN_BYTES * 2]}…"


def kind_number(text: str) -> int | None:
    """Return the number of a kind given by name (any case) or number; None when there is none."""
    for number, kind in EVENTS.items():
        if text.lower() == kind.__name__.lower() or text == str(number):
            return number
    return None


class InstrumentFilter:
    """Lets through what is about one instrument.

    Args:
        wanted: Its symbol or its id in the journal.
    """

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._ids = {int(wanted)} if wanted.isdecimal() else set()
        self._venue_codes: set[int] = set()

    def learn(self, defined: InstrumentDefined) -> None:
        """Take note of an instrument; those that are not wanted change nothing."""
        symbol = defined.symbol.decode("latin-1").strip()
        if symbol == self._wanted or str(defined.instrument_id) == self._wanted:
            self._ids.add(defined.instrument_id)
            if defined.venue_code:
                self._venue_codes.add(defined.venue_code)

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is about the instrument."""
        event = entry.event
        if isinstance(event, InstrumentDefined):
            self.learn(event)
        if isinstance(event, PacketReceived):
            return any(code in self._venue_codes for code in _locates(event))
        return getattr(event, "instrument_id", None) in self._ids


def _locates(packet: PacketReceived) -> list[int]:
    """Return the stock locates of the ITCH messages in a packet."""
    data = packet.tail
    if packet.format == PacketFormat.ITCH50:
        return [int.from_bytes(data[1:3], "big")]
    found = []
    at = _MOLD_HEADER_BYTES
    while at + 5 <= len(data):
        found.append(int.from_bytes(data[at + 3 : at + 5], "big"))
        at += 2 + int.from_bytes(data[at : at + 2], "big")
    return found
