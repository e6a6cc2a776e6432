# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The venue's limits of use, counted here before it counts them.

Windows are aligned, as the venue's are. New orders and market data leave a share of the weight to
cancels and questions, which must never wait for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from onetape.live.adapters.binance._messages import RateLimitInfo

RESERVED_PERCENT = 20
"""Share of the weight that only cancels and questions may use, percent."""
_INTERVALS_S = {"SECOND": 1, "MINUTE": 60, "HOUR": 3_600, "DAY": 86_400}
_UNITS_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_HEADERS = {"x-mbx-used-weight-": "REQUEST_WEIGHT", "x-mbx-order-count-": "ORDERS"}


class _Window:
    __slots__ = ("interval_s", "limit", "number", "used")

    def __init__(self, interval_s: int, limit: int) -> None:
        self.interval_s = interval_s
        self.limit = limit
        self.number = -1
        self.used = 0

    def roll(self, now_ms: int) -> None:
        number = now_ms // (self.interval_s * 1_000)
        if number > self.number:
            self.number = number
            self.used = 0

    def wait_s(self, now_ms: int, amount: int, limit: int) -> float:
        self.roll(now_ms)
        if amount == 0 or self.used + amount <= limit:
            return 0.0
        return ((self.number + 1) * self.interval_s * 1_000 - now_ms) / 1_000


class RateLimits:
    """Weights and order counts of one account and address.

    Args:
        limits: As the venue's `exchangeInfo` says them.
    """

    def __init__(self, limits: Iterable[RateLimitInfo] = ()) -> None:
        self._windows: dict[tuple[str, int], _Window] = {}
        self.blocked_until_ms = 0
        self.set_limits(limits)

    def set_limits(self, limits: Iterable[RateLimitInfo]) -> None:
        """Take the limits, keeping what is used."""
        for limit in limits:
            unit_s = _INTERVALS_S.get(limit.interval)
            if unit_s is None or limit.rate_limit_type not in _HEADERS.values():
                continue
            interval_s = unit_s * limit.interval_num
            window = self._windows.setdefault(
                (limit.rate_limit_type, interval_s), _Window(interval_s, limit.limit)
            )
            window.limit = limit.limit

    def wait_s(
        self, now_ms: int, *, weight: int, orders: int = 0, is_privileged: bool = False
    ) -> float:
        """Return how long a request must wait, in seconds; 0: it may go.

        Args:
            now_ms: The venue's time.
            weight: Its weight.
            orders: How many new orders it holds.
            is_privileged: It is a cancel or a question: it may use what is reserved.
        """
        waits = [max(0.0, (self.blocked_until_ms - now_ms) / 1_000)]
        for (kind, _), window in self._windows.items():
            if kind == "ORDERS":
                waits.append(window.wait_s(now_ms, orders, window.limit))
            else:
                share = 100 if is_privileged else 100 - RESERVED_PERCENT
                waits.append(window.wait_s(now_ms, weight, window.limit * share // 100))
        return max(waits)

    def spend(self, now_ms: int, *, weight: int, orders: int = 0) -> None:
        """Count a request that leaves."""
        for (kind, _), window in self._windows.items():
            window.roll(now_ms)
            window.used += orders if kind == "ORDERS" else weight

    def observe(self, now_ms: int, limits: Iterable[RateLimitInfo]) -> None:
        """Take the venue's own count, of an answer of the WebSocket API."""
        for limit in limits:
            interval_s = _INTERVALS_S.get(limit.interval, 0) * limit.interval_num
            if limit.count is not None:
                self._observe(now_ms, limit.rate_limit_type, interval_s, limit.count)

    def observe_headers(self, now_ms: int, headers: Mapping[str, str]) -> None:
        """Take the venue's own count, of the headers of an answer."""
        for name, value in headers.items():
            for prefix, kind in _HEADERS.items():
                interval = name.lower().removeprefix(prefix)
                is_ours = interval != name.lower() and interval[:-1].isdecimal()
                if is_ours and value.isdecimal():
                    interval_s = int(interval[:-1]) * _UNITS_S.get(interval[-1], 0)
                    self._observe(now_ms, kind, interval_s, int(value))

    def block(self, now_ms: int, retry_after_s: float) -> None:
        """Send nothing for so long: the venue said 429 or 418."""
        until_ms = now_ms + int(retry_after_s * 1_000)
        self.blocked_until_ms = max(self.blocked_until_ms, until_ms)

    def used(self, kind: str, interval_s: int) -> int:
        """Return how much of a window is used, as far as is known."""
        window = self._windows.get((kind, interval_s))
        return 0 if window is None else window.used

    def _observe(self, now_ms: int, kind: str, interval_s: int, count: int) -> None:
        window = self._windows.get((kind, interval_s))
        if window is not None:
            window.roll(now_ms)
            # Requests on their way are counted here already, and not yet there.
            window.used = max(window.used, count)
