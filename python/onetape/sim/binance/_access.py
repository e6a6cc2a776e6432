# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Who may call: keys, signatures, times, limits of use."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onetape.errors import ConfigError
from onetape.sim.binance._trouble import ApiError, missing

if TYPE_CHECKING:
    from onetape.config import Secret
    from onetape.sim.binance.config import AccountConfig, StandInConfig

_AHEAD_MS = 1_000
_WINDOW_MAX_MS = 60_000
_WINDOW_MS = 5_000
_MINUTE_MS, _TEN_SECONDS_MS = 60_000, 10_000
_TOLERATED = 20
_BAN_S = 120


class Access:
    """Checks each request of the stand-in.

    Args:
        config: Accounts and limits.

    Raises:
        ConfigError: SIB-001, an account has nothing to sign with.
    """

    def __init__(self, config: StandInConfig) -> None:
        self._owners = {account.key: n for n, account in enumerate(config.accounts, 1)}
        others: dict[str, Secret] = {}
        for account in config.accounts:
            if not account.secret.reveal() and not account.public_key:
                raise ConfigError(
                    f"stand_in.accounts, key {account.key!r}: expected a secret or a public key",
                    code="SIB-001",
                    hint='write secret = "…", or public_key as PEM for signatures by Ed25519',
                )
            for key, secret in account.other_keys.items():
                self._owners[key] = self._owners[account.key]
                others[key] = secret
        self._accounts: list[AccountConfig] = list(config.accounts)
        self._others = others
        self._weight_max = config.weight_max
        self._orders_max = config.orders_max_10s
        self._minute = self._ten_seconds = -1
        self.weight = 0
        self._orders: dict[int, int] = {}
        self._over = 0
        self.banned_until_ms = 0

    def owner(self, key: str | None) -> int:
        """Return whose key it is.

        Raises:
            ApiError: If it is nobody's.
        """
        if not key:
            raise ApiError(-2014, "API-key format invalid.", status=401)
        if key not in self._owners:
            text = "Invalid API-key, IP, or permissions for action."
            raise ApiError(-2015, text, status=401)
        return self._owners[key]

    def check_signature(self, key: str, payload: str, signature: str | None) -> None:
        """Check what was signed with an account's key.

        Raises:
            ApiError: If the signature is missing or another.
        """
        if not signature:
            raise missing("signature")
        secret, account = self._others.get(key), self._accounts[self.owner(key) - 1]
        public_key = account.public_key if secret is None else ""
        if not _is_signed(secret or account.secret, public_key, payload.encode(), signature):
            raise ApiError(-1022, "Signature for this request is not valid.")

    def check_time(self, parameters: dict[str, str], now_ms: int) -> None:
        """Check when it was sent.

        Raises:
            ApiError: If that is too long ago, or in the future.
        """
        stamp, window = parameters.get("timestamp"), parameters.get("recvWindow")
        if not stamp or not stamp.isdecimal():
            raise missing("timestamp")
        window_ms = int(window) if window and window.isdecimal() else _WINDOW_MS
        if window_ms > _WINDOW_MAX_MS:
            raise ApiError(-1131, "recvWindow must be less than 60000.")
        if int(stamp) > now_ms + _AHEAD_MS:
            text = "Timestamp for this request was 1000ms ahead of the server's time."
            raise ApiError(-1021, text)
        if now_ms - int(stamp) > window_ms:
            raise ApiError(-1021, "Timestamp for this request is outside of the recvWindow.")

    def count(self, now_ms: int, weight: int, owner: int, orders: int) -> None:
        """Count a request.

        Raises:
            ApiError: If it is one too many: 429, and 418 for who does not listen.
        """
        self._roll(now_ms)
        self.weight += weight
        if now_ms < self.banned_until_ms or self.weight > self._weight_max:
            self._over += 1
            if self._over > _TOLERATED:
                self.banned_until_ms = max(self.banned_until_ms, now_ms + _BAN_S * 1_000)
            until_ms = max(self.banned_until_ms, (self._minute + 1) * _MINUTE_MS)
            status = 418 if now_ms < self.banned_until_ms else 429
            text = "Way too much request weight used; IP banned until then."
            if status != 418:  # noqa: PLR2004 - an HTTP status
                text = "Too much request weight used; please slow down."
            raise ApiError(
                -1003,
                text,
                status=status,
                data={"serverTime": now_ms, "retryAfter": until_ms},
                retry_after_s=max(1, -(-(until_ms - now_ms) // 1_000)),
            )
        if orders:
            self._orders[owner] = self._orders.get(owner, 0) + orders
            if self._orders[owner] > self._orders_max:
                raise ApiError(
                    -1015,
                    f"Too many new orders; current limit is {self._orders_max} per 10 SECOND.",
                    status=429,
                    retry_after_s=1,
                )

    def headers(self, owner: int) -> dict[str, str]:
        """Return how much is used, as REST says it."""
        headers = {"X-MBX-USED-WEIGHT": str(self.weight), "X-MBX-USED-WEIGHT-1M": str(self.weight)}
        if owner:
            headers["X-MBX-ORDER-COUNT-10S"] = str(self._orders.get(owner, 0))
        return headers

    def limits(self, owner: int | None = None) -> list[dict[str, Any]]:
        """Return the limits; with an account also how much is used."""
        rows: list[dict[str, Any]] = [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1,
             "limit": self._weight_max},
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10,
             "limit": self._orders_max},
        ]  # fmt: skip
        if owner is not None:
            rows[0]["count"] = self.weight
            rows[1]["count"] = self._orders.get(owner, 0)
        return rows

    def _roll(self, now_ms: int) -> None:
        if now_ms // _MINUTE_MS != self._minute:
            self._minute, self.weight, self._over = now_ms // _MINUTE_MS, 0, 0
        if now_ms // _TEN_SECONDS_MS != self._ten_seconds:
            self._ten_seconds, self._orders = now_ms // _TEN_SECONDS_MS, {}


def sorted_payload(parameters: dict[str, Any]) -> str:
    """Return what the signature of a request of the WebSocket API is over."""
    ordered = sorted((name, text) for name, text in parameters.items() if name != "signature")
    return urlencode(ordered)


def _is_signed(secret: Secret, public_key: str, payload: bytes, signature: str) -> bool:
    if not public_key:
        expected = hmac.new(secret.reveal().encode(), payload, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), signature.encode())
    key = serialization.load_pem_public_key(public_key.encode())
    assert isinstance(key, Ed25519PublicKey), "the configuration says Ed25519"
    try:
        key.verify(base64.b64decode(signature), payload)
    except (InvalidSignature, ValueError):
        return False
    return True
