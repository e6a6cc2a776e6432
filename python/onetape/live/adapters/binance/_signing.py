# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signs requests: HMAC-SHA256 over the parameters as they are sent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlencode

if TYPE_CHECKING:
    from onetape.config import Secret

Parameters: TypeAlias = Mapping[str, str | int]


class Signer:
    """Knows the secret, and gives signatures away, nothing else.

    Args:
        key: API key.
        secret: Its secret.
        receive_window_ms: Longest way of a request.
    """

    def __init__(self, key: str, secret: Secret, receive_window_ms: int) -> None:
        self.key = key
        self._secret = secret
        self.receive_window_ms = receive_window_ms

    def query(self, parameters: Parameters, now_ms: int) -> str:
        """Return the query of a signed REST request.

        Args:
            parameters: What it says.
            now_ms: The venue's time, ms since the Unix epoch.
        """
        text = urlencode(self._timed(parameters, now_ms))
        return f"{text}&signature={self._sign(text)}"

    def signed(self, parameters: Parameters, now_ms: int) -> dict[str, str | int]:
        """Return the parameters of a signed request of the WebSocket API, in their order.

        Args:
            parameters: What it says.
            now_ms: The venue's time, ms since the Unix epoch.
        """
        timed = {**self._timed(parameters, now_ms), "apiKey": self.key}
        ordered = dict(sorted(timed.items()))
        return {**ordered, "signature": self._sign(urlencode(ordered))}

    def _timed(self, parameters: Parameters, now_ms: int) -> dict[str, str | int]:
        return {**parameters, "recvWindow": self.receive_window_ms, "timestamp": now_ms}

    def _sign(self, text: str) -> str:
        secret = self._secret.reveal().encode()
        return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
