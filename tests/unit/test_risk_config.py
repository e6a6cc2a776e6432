# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The section [risk]: limits of every scope, by name."""

import msgspec
import pytest

from onetape.errors import ConfigError
from onetape.events import Limit, RiskScope
from onetape.risk import RiskConfig, limits_set, scope_limits
from onetape.risk._table import LIMITS


def config(**sections):
    return msgspec.convert(sections, RiskConfig)


def test_limits_of_every_scope_are_found_in_order():
    risk = config(
        firm={"loss_max": 7},
        strategy={"order_qty_max": 5},
        strategies={"maker": {"order_qty_max": 4}},
        accounts={"1": {"capital": 100}},
        product={"margin_per_lot_e6": 3},
        venues={"xnas": {"message_rate_max": 50}},
    )
    assert [tuple(entry) for entry in scope_limits(risk)] == [
        (RiskScope.FIRM, "", Limit.LOSS_MAX, 7),
        (RiskScope.STRATEGY, "", Limit.ORDER_QTY_MAX, 5),
        (RiskScope.STRATEGY, "maker", Limit.ORDER_QTY_MAX, 4),
        (RiskScope.ACCOUNT, "1", Limit.CAPITAL, 100),
        (RiskScope.PRODUCT, "", Limit.MARGIN_PER_LOT_E6, 3),
        (RiskScope.VENUE, "xnas", Limit.MESSAGE_RATE_MAX, 50),
    ]


@pytest.mark.parametrize(
    "sections",
    [
        {"firm": {"order_qty": 1}},
        {"firm": {"capital": 1}},
        {"strategies": {"maker": {"loss_max": -1}}},
        {"venue": {"position_max": 1}},
    ],
)
def test_a_limit_that_may_not_stand_there_is_refused_with_those_that_may(sections):
    with pytest.raises(ConfigError, match="risk\\.") as err:
        scope_limits(config(**sections))
    assert err.value.code == "LIM-008"
    assert "message_rate_max" in err.value.hint or "loss_max" in err.value.hint


def test_every_limit_of_instruments_has_a_field():
    fields = set(RiskConfig.__struct_fields__)
    of_instruments = {n for n, facts in LIMITS.items() if RiskScope.INSTRUMENT in facts.scopes}
    assert {limit.name.lower() for limit in of_instruments} <= fields
    risk = config(slippage_bps_max=20, order_qty_max=3)
    assert limits_set(risk) == [(Limit.ORDER_QTY_MAX, 3), (Limit.SLIPPAGE_BPS_MAX, 20)]
