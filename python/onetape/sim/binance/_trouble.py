# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The venue's errors: code, text, HTTP status, as its documentation and clients have them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A request that is answered with an error.

    Args:
        code: The venue's code.
        text: What it says.
        status: HTTP status.
        data: Details.
        retry_after_s: When to come again, in seconds.
    """

    def __init__(
        self,
        code: int,
        text: str,
        *,
        status: int = 400,
        data: dict[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status
        self.data = data
        self.retry_after_s = retry_after_s

    def body(self) -> dict[str, Any]:
        """Return it as the venue writes it."""
        body: dict[str, Any] = {"code": self.code, "msg": self.text}
        return body if self.data is None else {**body, "data": self.data}


def missing(name: str) -> ApiError:
    """Return the error of a parameter that is not there."""
    text = f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    return ApiError(-1102, text)


def broken_filter(name: str) -> ApiError:
    """Return the error of an order that breaks a rule of its symbol."""
    return ApiError(-1013, f"Filter failure: {name}")


def bad_symbol() -> ApiError:
    """Return the error of a symbol that is not traded."""
    return ApiError(-1121, "Invalid symbol.")


def no_such_order() -> ApiError:
    """Return the answer to a question for an order that is not known."""
    return ApiError(-2013, "Order does not exist.")


def unknown_order() -> ApiError:
    """Return the answer to a cancel of an order that does not live."""
    return ApiError(-2011, "Unknown order sent.")


def refused_order(text: str) -> ApiError:
    """Return the answer to a new order that the market refused."""
    return ApiError(-2010, text)
