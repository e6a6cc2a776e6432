# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[live.breakers]: circuit breakers on what strategies do and on their surroundings.

Each has a bound, a window and an action, and a ladder in front of it: it warns at `warn_percent` of
the bound, and, where it halts, throttles at `throttle_percent`. A bound of 0 switches it off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from onetape import events
from onetape.config import meta
from onetape.events import Breaker, BreakerAction

#: Nanoseconds of a millisecond.
MILLISECOND_NS = 1_000_000

Action = Literal["warn", "throttle", "reduce", "halt"]
_ACTION = meta(
    "What it does at its bound: warn; throttle, a pause between orders; reduce, until a person "
    "resumes, or the surroundings are well again; halt, until a person resumes."
)
#: Longest window: a day.
_MS_MAX = 86_400_000
_WINDOW = meta("What is measured over, and how long it is calm before it releases.", unit="ms",
               ge=10, le=_MS_MAX)  # fmt: skip

#: Where each breaker's bound stands, and what it needs to judge.
_KEYS: dict[Breaker, tuple[str, str]] = {
    Breaker.REJECT_RATE: ("percent", "orders_min"),
    Breaker.REJECT_RUN: ("orders", ""),
    Breaker.MESSAGE_RATE: ("messages", ""),
    Breaker.MESSAGE_BURST: ("deviations", "windows_min"),
    Breaker.POSITION_JUMP: ("percent", ""),
    Breaker.MARKET_DATA: ("down_ms", ""),
    Breaker.CLOCK: ("off_us", ""),
    Breaker.INPUT_AGE: ("age_us", ""),
    Breaker.SLIPPAGE: ("bps", "fills_min"),
}


class RejectRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-07: orders of a strategy that are refused, by us or by the venue, for what they are."""

    percent: Annotated[int, meta("Of those answered.", unit="percent", ge=0, le=100)] = 20
    orders_min: Annotated[int, meta("Answers below which it does not judge.", ge=1)] = 50
    window_ms: Annotated[int, _WINDOW] = 10_000
    action: Annotated[Action, _ACTION] = "halt"


class RejectRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-07: orders of a strategy refused one after the other, for one reason."""

    orders: Annotated[int, meta("So many in a row.", unit="orders", ge=0)] = 20
    window_ms: Annotated[int, _WINDOW] = 10_000
    action: Annotated[Action, _ACTION] = "halt"


class MessageRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-08: new and replaced orders and cancels of a strategy."""

    messages: Annotated[
        int, meta("Twice what it ever needed in tests; 0: off.", unit="messages", ge=0)
    ] = 0
    window_ms: Annotated[int, _WINDOW] = 1_000
    action: Annotated[Action, _ACTION] = "halt"


class MessageBurst(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-08: messages of a strategy by its own measure of the last windows."""

    deviations: Annotated[
        int, meta("Usual deviations above its mean; 8 is much; 0: off.", unit="deviations", ge=0)
    ] = 0
    windows_min: Annotated[int, meta("Windows it learns from before it judges.", ge=1)] = 60
    window_ms: Annotated[int, _WINDOW] = 1_000
    action: Annotated[Action, _ACTION] = "halt"


class PositionJump(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-09: how far a strategy's position in one instrument moves."""

    percent: Annotated[
        int, meta("Of risk.position_max there; 0: off.", unit="percent", ge=0, le=1_000)
    ] = 0
    window_ms: Annotated[int, _WINDOW] = 1_000
    action: Annotated[Action, _ACTION] = "reduce"


class MarketData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-10: a feed with a hole, silent or late, a crossed book; what rests is cancelled."""

    down_ms: Annotated[int, meta("For so long; 0: off.", unit="ms", ge=0)] = 500
    window_ms: Annotated[int, _WINDOW] = 1_000
    action: Annotated[Action, _ACTION] = "reduce"


class Clock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-11: the machine's clock, as the kernel says whoever disciplines it left it."""

    off_us: Annotated[
        int, meta("Offset and estimated error; 100 for RTS 25; 0: off.", unit="us", ge=0)
    ] = 0
    window_ms: Annotated[int, _WINDOW] = 5_000
    action: Annotated[Action, _ACTION] = "reduce"


class InputAge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-12: how long market data waits in this machine before it is taken in."""

    age_us: Annotated[int, meta("The greatest in the window; 0: off.", unit="us", ge=0)] = 0
    window_ms: Annotated[int, _WINDOW] = 5_000
    action: Annotated[Action, _ACTION] = "throttle"


class Slippage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """KS-13: fills of a strategy against the middle of the market when their orders came."""

    bps: Annotated[int, meta("Worse on average; 0: off.", unit="bps", ge=0)] = 0
    fills_min: Annotated[int, meta("Fills below which it does not judge.", ge=1)] = 20
    window_ms: Annotated[int, _WINDOW] = 60_000
    action: Annotated[Action, _ACTION] = "halt"


class BreakersConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[live.breakers]: circuit breakers, and the ladder in front of each."""

    warn_percent: Annotated[
        int, meta("Where they warn; 0: nowhere.", unit="percent of the bound", ge=0, le=100)
    ] = 70
    throttle_percent: Annotated[
        int,
        meta("Where those that halt throttle; 0: nowhere.", unit="percent of the bound", ge=0,
             le=100),
    ] = 85  # fmt: skip
    throttle_ms: Annotated[
        int, meta("Pause between two orders of a strategy that is throttled.", unit="ms", ge=1)
    ] = 100
    reject_rate: Annotated[RejectRate, meta("Refused orders.")] = RejectRate()
    reject_run: Annotated[RejectRun, meta("Refused orders in a row.")] = RejectRun()
    message_rate: Annotated[MessageRate, meta("Messages.")] = MessageRate()
    message_burst: Annotated[MessageBurst, meta("Messages against what is usual.")] = MessageBurst()
    position_jump: Annotated[PositionJump, meta("Jumps of positions.")] = PositionJump()
    market_data: Annotated[MarketData, meta("Market data that cannot be traded on.")] = MarketData()
    clock: Annotated[Clock, meta("The clock.")] = Clock()
    input_age: Annotated[InputAge, meta("Late market data.")] = InputAge()
    slippage: Annotated[Slippage, meta("Slippage.")] = Slippage()

    def events(self) -> Iterator[events.BreakerSet]:
        """Yield the events that set the breakers that are on."""
        for breaker in Breaker:
            it = getattr(self, breaker.name.lower())
            key, needs = _KEYS[breaker]
            if bound := getattr(it, key):
                yield events.BreakerSet(
                    bound=bound,
                    window_ns=it.window_ms * MILLISECOND_NS,
                    delay_ns=self.throttle_ms * MILLISECOND_NS,
                    least=getattr(it, needs) if needs else 0,
                    breaker=breaker,
                    action=BreakerAction[it.action.upper()],
                    warn_percent=self.warn_percent,
                    throttle_percent=self.throttle_percent,
                )
