# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the native core offers; `mypy.stubtest` checks it against the build."""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

__version__: str

def decimal_to_units(text: str, unit_e9: int) -> int: ...
def units_to_decimal(count: int, unit_e9: int) -> str: ...
def format_ts_ns(ts_ns: int) -> str: ...
def parse_ts_ns(text: str) -> int: ...
def notional(price_ticks: int, qty_lots: int) -> int: ...
def price_allowed(rungs: list[tuple[int, int]], price_ticks: int) -> bool: ...

@final
class MarketSource:
    @staticmethod
    def itch_file(
        path: str | PathLike[str],
        midnight_ns: int,
        *,
        codec: Literal["plain", "gzip", "zstd", "deflate"] = "plain",
        offset: int = 0,
        length: int | None = None,
    ) -> MarketSource: ...
    @staticmethod
    def synthetic(
        seed: int,
        *,
        preset: Literal["demo", "benchmark"] = "demo",
        symbols: int | None = None,
        messages: int | None = None,
        live_orders: int | None = None,
        volatility: int | None = None,
        midnight_ns: int | None = None,
    ) -> MarketSource: ...
    @staticmethod
    def records(
        definitions: Sequence[tuple[int, int, bytes]],
        chunks: Iterable[tuple[NDArray[np.int64], NDArray[np.uint8], int]],
        *,
        bytes_total: int | None = None,
    ) -> MarketSource: ...
    def next(self) -> tuple[int, int, int, bytes] | None: ...
    def drain(self, items_max: int = ...) -> tuple[int, int]: ...
    def progress(self) -> tuple[int, int | None]: ...
    def counts(self) -> dict[str, int]: ...
    def close(self) -> None: ...
    @property
    def midnight_ns(self) -> int | None: ...
