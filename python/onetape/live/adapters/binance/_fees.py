# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Fees, which Binance takes in one of three assets, in the currency of the instrument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onetape.types import decimal_to_units

if TYPE_CHECKING:
    from onetape.live.adapters.binance._rules import Listing

_E9 = 1_000_000_000


def fee_e9(at: Listing, fee: str, asset: str, price_ticks: int) -> tuple[int, str]:
    """Return a fee in 10^-9 of the quote asset, rounded up, and as the venue said it.

    A fee in the base asset is worth what the trade paid for it. One in another asset (BNB) has no
    exact worth here: 0, and the text says what it was.
    """
    amount_e9 = decimal_to_units(fee or "0", 1)
    if amount_e9 == 0:
        return 0, ""
    text = f"fee {fee} {asset}"
    if asset == at.rules.quote_asset:
        return amount_e9, text
    if asset == at.rules.base_asset:
        worth = amount_e9 * price_ticks * at.instrument.tick_e9
        return -(-worth // _E9), text
    return 0, text
