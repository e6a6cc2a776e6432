# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signs requests, by HMAC-SHA256 or Ed25519, over the parameters as they are sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, urlencode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetape.errors import ConfigError

if TYPE_CHECKING:
    from onetape.config import Secret

Parameters: TypeAlias = Mapping[str, str | int]


class Signer:
    """Knows the secret, and gives signatures away, nothing else.

    Args:
        key: API key.
        secret: Its secret.
        receive_window_ms: Longest way of a request.
        is_ed25519: The secret is a private key of Ed25519, as PEM.

    Raises:
        ConfigError: ADP-005, the secret is no such key.
    """

    def __init__(
        self, key: str, secret: Secret, receive_window_ms: int, *, is_ed25519: bool = False
    ) -> None:
        self.key = key
        self._secret = secret
        self.receive_window_ms = receive_window_ms
        self._private_key = _private_key(secret) if is_ed25519 else None

    def query(self, parameters: Parameters, now_ms: int) -> str:
        """Return the query of a signed REST request.

        Args:
            parameters: What it says.
            now_ms: The venue's time, ms since the Unix epoch.
        """
        text = urlencode(self._timed(parameters, now_ms))
        return f"{text}&signature={quote(self._sign(text), safe='')}"

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
        if self._private_key is not None:
            return base64.b64encode(self._private_key.sign(text.encode())).decode()
        secret = self._secret.reveal().encode()
        return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def _private_key(secret: Secret) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(secret.reveal().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        # Nothing of what was found is shown: it may be a key of another kind.
        raise ConfigError(
            "secret: expected a private key of Ed25519 as PEM, without a password",
            code="ADP-005",
            hint="write what stands between BEGIN and END, both lines included; or key_type = hmac",
        )
    return key
