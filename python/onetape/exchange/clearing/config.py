# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[fees]: what a trade costs each side. Whole numbers throughout; below zero is a rebate."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import meta

#: Thousandths of a basis point in the whole notional.
BPS_E3 = 10_000_000


class RatesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rates of the fee schedule; a side pays its rate by the lot plus its rate by value."""

    maker_lot_e9: (
        Annotated[int, meta("A side that rested pays, by the lot.", unit="10^-9 currency a lot")]
        | None
    ) = None
    maker_bps_e3: (
        Annotated[
            int, meta("A side that rested pays, by value.", unit="thousandths of a basis point")
        ]
        | None
    ) = None
    taker_lot_e9: (
        Annotated[int, meta("A side that took pays, by the lot.", unit="10^-9 currency a lot")]
        | None
    ) = None
    taker_bps_e3: (
        Annotated[
            int, meta("A side that took pays, by value.", unit="thousandths of a basis point")
        ]
        | None
    ) = None
    auction_lot_e9: (
        Annotated[
            int, meta("Each side of an auction pays, by the lot.", unit="10^-9 currency a lot")
        ]
        | None
    ) = None
    auction_bps_e3: (
        Annotated[
            int,
            meta("Each side of an auction pays, by value.", unit="thousandths of a basis point"),
        ]
        | None
    ) = None


class FeesConfig(RatesConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[fees]: rates for all; [fees.instruments.SYMBOL] and [fees.firms.MPID] for one of them."""

    instruments: Annotated[
        dict[str, RatesConfig],
        meta("Rates of one instrument, by symbol: what is set there replaces the general one."),
    ] = msgspec.field(default_factory=dict)
    firms: Annotated[
        dict[str, RatesConfig],
        meta("Rates of one firm, by its four letters: stronger than the instrument's."),
    ] = msgspec.field(default_factory=dict)

    def rates(self, mpid: str, symbol: str) -> tuple[tuple[int, int], ...]:
        """Return (10^-9 currency a lot, thousandths of a basis point) of maker, taker, auction.

        Args:
            mpid: The firm.
            symbol: The instrument.
        """
        layers = [
            self.firms.get(mpid, RatesConfig()),
            self.instruments.get(symbol, RatesConfig()),
            self,
        ]

        def first(name: str) -> int:
            return next((v for v in (getattr(x, name) for x in layers) if v is not None), 0)

        return tuple(
            (first(f"{word}_lot_e9"), first(f"{word}_bps_e3"))
            for word in ("maker", "taker", "auction")
        )


#: The sections of clearing, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {"fees": FeesConfig}
