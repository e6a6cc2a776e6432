# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Worth and fee of clearing records, in whole numbers of a small unit of the currency.

The unit is 10^-9 of the currency, or 10^-18 where a tick times a lot is not a whole number of
10^-9. Worth is exact; a fee by value is rounded to 10^-9, half to even, once for each record.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from onetape.errors import ConversionError
from onetape.exchange.clearing.config import BPS_E3, FeesConfig
from onetape.exchange.directory import Directory, Rows, Traded

#: A column of Python's whole numbers, which do not overflow.
Whole = np.ndarray[Any, np.dtype[np.object_]]

SCALE_FEE = 9
SCALE_FINE = 18
_SCALE_TICKLOT = 27
_PRODUCT_MAX = 1 << 62


def money_scale(instruments: list[Traded]) -> int:
    """Return the scale of the money columns: 9 or 18 decimal places.

    Raises:
        ConversionError: If a tick times a lot is not a whole number of 10^-18 currency.
    """
    for scale in (SCALE_FEE, SCALE_FINE):
        rest = 10 ** (_SCALE_TICKLOT - scale)
        inexact = [i for i in instruments if i.ticklot_e27 % rest]
        if not inexact:
            return scale
    worst = inexact[0]
    raise ConversionError(
        f"{worst.symbol}: one tick times one lot is worth {worst.ticklot_e27} x 10^-27 "
        f"{worst.currency}, which has no exact value in 10^-18",
        code="CLR-006",
        hint="give the instrument a larger tick or lot",
    )


def notionals(records: Rows, directory: Directory, scale: int) -> Whole:
    """Return price times quantity of each record, in 10^-`scale` of the currency; exact."""
    lots = records["qty_lots"]
    largest = int(np.abs(records["price_ticks"]).max(initial=0)) * int(lots.max(initial=0))
    if largest < _PRODUCT_MAX:
        ticklots = (records["price_ticks"] * lots.astype(np.int64)).astype(object)
    else:
        ticklots = records["price_ticks"].astype(object) * lots.astype(object)
    ids, where = np.unique(records["instrument_id"], return_inverse=True)
    rest = 10 ** (_SCALE_TICKLOT - scale)
    units = [directory.instruments[i].ticklot_e27 // rest for i in ids.tolist()]
    worth: Whole = ticklots * np.array(units, object)[where] if len(ids) else ticklots
    return worth


def fees(
    records: Rows, worth: Whole, directory: Directory, config: FeesConfig, scale: int
) -> Whole:
    """Return what each side pays, in 10^-`scale` of the currency; below zero is a rebate.

    Args:
        records: Clearing records; one of a break gives back the fee of its trade.
        worth: Their notionals, in the same unit.
        directory: Names of firms and instruments.
        config: The schedule.
        scale: Decimal places of the unit.
    """
    keys = (records["firm_id"] << 34) | (records["instrument_id"].astype(np.int64) << 2)
    combos, where = np.unique(keys | records["role"], return_inverse=True)
    by_lot, by_value = [], []
    for key in combos.tolist():
        instrument = directory.instruments[key >> 2 & 0xFFFF_FFFF]
        rates = config.rates(directory.mpid(key >> 34), instrument.symbol)[key & 3]
        by_lot.append(rates[0])
        by_value.append(rates[1])
    step = 10 ** (scale - SCALE_FEE)
    lots = records["qty_lots"].astype(object)
    per_value = np.array(by_value, object)[where] if len(combos) else lots
    per_lot = np.array(by_lot, object)[where] if len(combos) else lots
    products = (worth * per_value).tolist()
    rounded = np.array([_half_even(p, BPS_E3 * step) for p in products] + [0], object)[:-1]
    paid: Whole = (lots * per_lot + rounded) * step * records["sign"].astype(object)
    return paid


def _half_even(numerator: int, denominator: int) -> int:
    """Return the nearest whole quotient; half goes to the even one.

    Examples:
        >>> [_half_even(n, 10) for n in (14, 15, 25, -15, -16)]
        [1, 2, 2, -2, -2]
    """
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return quotient + (twice > denominator or (twice == denominator and quotient % 2 == 1))
