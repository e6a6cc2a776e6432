# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Fees, which Binance takes in one of three assets: as money, or out of what is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from onetape.events import FeeTakenInKind
from onetape.types import decimal_to_units

if TYPE_CHECKING:
    from onetape.live.adapters.binance._rules import Listing

_E9 = 1_000_000_000


class Fee(NamedTuple):
    """What was taken for a trade.

    Attributes:
        amount_e9: How much, in 10^-9 of the asset.
        asset: Of what.
        said: How much, as the venue wrote it.
    """

    amount_e9: int
    asset: str
    said: str

    @classmethod
    def of(cls, text: str, asset: str | None) -> Fee:
        """Return a fee as the venue says it."""
        return cls(decimal_to_units(text or "0", 1), asset or "", text)

    @property
    def text(self) -> str:
        """It for people; empty: there was none."""
        return f"fee {self.said} {self.asset}" if self.amount_e9 else ""

    def worth_e9(self, at: Listing, price_ticks: int) -> int:
        """Return it in 10^-9 of the quote asset, rounded up.

        One in the base asset is worth what the trade paid for it. One in another asset (BNB) has no
        exact worth here: 0, and the text says what it was.
        """
        if self.asset == at.rules.quote_asset:
            return self.amount_e9
        if self.asset == at.rules.base_asset:
            return -(-self.amount_e9 * price_ticks * at.instrument.tick_e9 // _E9)
        return 0


class FeesInKind:
    """Fees out of positions, in whole lots; what is less than one is kept for the next.

    Args:
        venue_id: Venue.
        listings: Instruments by the venue's symbol.
    """

    def __init__(self, venue_id: int, listings: Mapping[str, Listing]) -> None:
        self._venue_id = venue_id
        self._by_asset: dict[str, Listing] = {}
        for at in listings.values():
            self._by_asset.setdefault(at.rules.base_asset, at)
        self._lot_e9 = {at.instrument.id: at.instrument.lot_e9 for at in listings.values()}
        self._left_e9: dict[int, int] = {}
        # Told, and its fill not yet: whoever was here before died in between.
        self._early: set[int] = set()

    def take(self, at: Listing, fee: Fee, trade: tuple[int, int, int]) -> list[FeeTakenInKind]:
        """Return what is to be said of a fee before its fill.

        Args:
            at: Where the trade was.
            fee: The fee.
            trade: Our number of the order, that of the execution, and the price in ticks.
        """
        number, exec_id, price_ticks = trade
        is_of_trade = fee.asset == at.rules.base_asset
        held = at if is_of_trade else self._by_asset.get(fee.asset)
        if held is None or not fee.amount_e9 or not number or exec_id in self._early:
            return []
        instrument = held.instrument
        left_e9 = self._left_e9.get(instrument.id, 0) + fee.amount_e9
        lots, self._left_e9[instrument.id] = divmod(left_e9, instrument.lot_e9)
        return [
            FeeTakenInKind(
                number=number,
                exec_id=exec_id,
                amount_e9=fee.amount_e9,
                price_ticks=price_ticks if is_of_trade else 0,
                qty_lots=lots,
                venue_id=self._venue_id,
                instrument_id=instrument.id,
            )
        ]

    def remember(self, said: FeeTakenInKind) -> None:
        """Take what was said before a restart."""
        lot_e9 = self._lot_e9.get(said.instrument_id)
        if lot_e9 is not None:
            left_e9 = self._left_e9.get(said.instrument_id, 0)
            self._left_e9[said.instrument_id] = left_e9 + said.amount_e9 - said.qty_lots * lot_e9
            self._early.add(said.exec_id)

    def filled(self, exec_id: int) -> None:
        """Take it that the fill of an execution was said as well."""
        self._early.discard(exec_id)

    def left_e9(self, asset: str) -> int:
        """Return what was taken of an asset and not yet off a position, in its 10^-9."""
        at = self._by_asset.get(asset)
        return 0 if at is None else self._left_e9.get(at.instrument.id, 0)
