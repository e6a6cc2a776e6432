# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[fees]: what a trade costs each side. Whole numbers throughout; below zero is a rebate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import msgspec

from onetape.config import meta

#: Thousandths of a basis point in the whole notional.
BPS_E3 = 10_000_000
#: Of maker, taker and auction: 10^-9 currency a lot, and thousandths of a basis point.
Rates: TypeAlias = tuple[tuple[int, int], ...]
_ROLES = ("maker", "taker", "auction")


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


class OwnFeesConfig(RatesConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What our fills cost at a venue; in instruments.SYMBOL for one of them."""

    instruments: Annotated[
        dict[str, RatesConfig],
        meta("Rates of one instrument, by symbol: what is set there replaces the general one."),
    ] = msgspec.field(default_factory=dict)

    def own_rates(self, symbol: str) -> Rates | None:
        """Return what a fill costs; None where no rate is set.

        Args:
            symbol: The instrument; "" for those that have no rates of their own.
        """
        layers = [self.instruments.get(symbol, RatesConfig()), self]
        return _rates(layers) if any(_is_set(layer) for layer in layers) else None


class FeesConfig(OwnFeesConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[fees]: rates for all; [fees.instruments.SYMBOL] and [fees.firms.MPID] for one of them."""

    firms: Annotated[
        dict[str, RatesConfig],
        meta("Rates of one firm, by its four letters: stronger than the instrument's."),
    ] = msgspec.field(default_factory=dict)

    def rates(self, mpid: str, symbol: str) -> Rates:
        """Return (10^-9 currency a lot, thousandths of a basis point) of maker, taker, auction.

        Args:
            mpid: The firm.
            symbol: The instrument.
        """
        return _rates(
            [
                self.firms.get(mpid, RatesConfig()),
                self.instruments.get(symbol, RatesConfig()),
                self,
            ]
        )


def _rates(layers: Sequence[RatesConfig]) -> Rates:
    """Return the first rate that is set, each; 0 where none is."""

    def first(name: str) -> int:
        return next((v for v in (getattr(x, name) for x in layers) if v is not None), 0)

    return tuple((first(f"{word}_lot_e9"), first(f"{word}_bps_e3")) for word in _ROLES)


def _is_set(layer: RatesConfig) -> bool:
    names = [f"{word}_{unit}" for word in _ROLES for unit in ("lot_e9", "bps_e3")]
    return any(getattr(layer, name) is not None for name in names)


#: The sections of clearing, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {"fees": FeesConfig}
