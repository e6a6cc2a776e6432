# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What fills cost: a backtest charges what the exchange's clearing would, fill by fill."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from onetape.errors import ConfigError
from onetape.events import FeesSet, FillCharged, Liquidity, OrderFilled
from onetape.exchange.clearing.config import FeesConfig, OwnFeesConfig
from onetape.journal import open_journal
from onetape.live.config import LiveConfig
from onetape.live.definitions import definitions
from onetape.pipeline.tca import ExecutionQuality
from onetape.risk import RiskConfig
from onetape.sim import run
from onetape.trading import Strategy

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**10,
    "position_max": 1_000,
    "price_collar_ticks": 10_000,
    "order_rate_max": 100_000,
}
FEES = """
[fees]
maker_lot_e9 = -2_000_000
taker_bps_e3 = 1_501
[fees.instruments.AAPL]
taker_bps_e3 = 0
"""


class Toucher(Strategy):
    """Quotes at the touch of everything."""

    def on_book(self, market):
        """Quote."""
        if market.bid_ticks and market.ask_ticks and market.bid_ticks < market.ask_ticks:
            self.quote(market, market.bid_ticks, market.ask_ticks, 100)


def due(rates, fill, unit):
    """What a fill costs by rates, worked out with fractions; Python rounds half to even."""
    by_lot, by_value = rates[0 if fill.liquidity == Liquidity.ADDED else 1]
    value = Fraction(fill.price_ticks * fill.qty_lots * unit * by_value, 10_000_000)
    return by_lot * fill.qty_lots + round(value)


def own(text):
    return msgspec.convert(msgspec.toml.decode(text)["fees"], OwnFeesConfig)


def test_rates_of_a_symbol_go_before_those_of_all():
    fees = own(FEES)
    assert fees.own_rates("") == ((-2_000_000, 0), (0, 1_501), (0, 0))
    assert fees.own_rates("AAPL") == ((-2_000_000, 0), (0, 0), (0, 0))
    assert OwnFeesConfig().own_rates("AAPL") is None
    cleared = msgspec.convert(msgspec.toml.decode(FEES)["fees"], FeesConfig)
    assert cleared.rates("ALFA", "AAPL") == fees.own_rates("AAPL")


def test_a_backtest_charges_what_clearing_would(tmp_path: Path) -> None:
    settings = {"run.messages": 20_000, "fees.maker_lot_e9": -2_000_000, "fees.taker_bps_e3": 1_501}
    run(Toucher(), journal=tmp_path / "j", risk=LIMITS, settings=settings)
    rates = ((-2_000_000, 0), (0, 1_501))
    fill, found = None, []
    for entry in open_journal(tmp_path / "j"):
        event = entry.event
        if isinstance(event, FillCharged):
            assert fill is not None
            # A tick of a share is 100,000 of 10^-9.
            assert event.fee_e9 == due(rates, fill, 100_000), fill
            assert event.is_said == 0
            found.append(event)
            fill = None
        else:
            assert fill is None, "a fill is followed by what it costs"
        if isinstance(event, OrderFilled):
            fill = event
    assert len(found) > 20
    assert found[-1].fees_e9 == sum(
        e.fee_e9 for e in found if e.instrument_id == found[-1].instrument_id
    )
    quality = ExecutionQuality(tmp_path / "j")
    quality.update()
    figures = quality.measure()[0].figures
    assert figures["net_fee_bp"] is not None, "every fee is known"


def test_a_node_is_told_the_rates_of_each_instrument() -> None:
    text = """
    symbols = ["AAPL", "MSFT"]
    fees.maker_lot_e9 = -5
    fees.instruments.AAPL.auction_bps_e3 = 9
    """
    venue = msgspec.toml.decode(text)
    live = msgspec.convert({"venues": {"HOME": venue, "AWAY": {"symbols": ["AAPL"]}}}, LiveConfig)
    packed = [body for kind, _, body in definitions(live, RiskConfig(), {}) if kind == FeesSet.KIND]
    told = [FeesSet.unpack(body) for body in packed]
    assert [(e.instrument_id, e.maker_lot_e9, e.auction_bps_e3) for e in told] == [
        (1, -5, 9),
        (2, -5, 0),
    ]
    venue["fees"]["instruments"] = {"IBM": {}}
    live = msgspec.convert({"venues": {"HOME": venue}}, LiveConfig)
    with pytest.raises(ConfigError, match="IBM: expected a symbol"):
        definitions(live, RiskConfig(), {})
