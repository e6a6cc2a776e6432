# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The rules of market data, from a configuration to what the core is told."""

import msgspec
import pytest

from onetape.events import FeedRule, RuleAction
from onetape.live.config import LiveConfig
from onetape.live.market_data import MarketDataConfig


def told(section: dict[str, object]) -> dict[FeedRule, tuple[int, RuleAction]]:
    """What the core is told by this section."""
    config = msgspec.convert({"market_data": section}, LiveConfig)
    rules = config.market_data.rules()
    return {FeedRule(rule): (limit, RuleAction(action)) for rule, limit, action in rules}


def test_every_rule_of_the_schema_has_its_key():
    assert [rule.name.lower() for rule in FeedRule] == list(MarketDataConfig.__struct_fields__)


def test_limits_come_in_the_units_of_the_core():
    rules = told(
        {
            "crossed": {"limit_ms": 250, "action": "halted"},
            "price_band": {"limit_bps": 800, "action": "quarantined"},
            "size_max": {"limit_lots": 5, "action": "halted"},
            "size_zero": {"action": "off"},
        }
    )
    assert rules[FeedRule.CROSSED] == (250_000_000, RuleAction.HALTED)
    assert rules[FeedRule.PRICE_BAND] == (800, RuleAction.QUARANTINED)
    assert rules[FeedRule.SIZE_MAX] == (5, RuleAction.HALTED)
    assert FeedRule.SIZE_ZERO not in rules
    assert rules[FeedRule.TIME_BACK] == (0, RuleAction.CORRECTED)


def test_bands_and_silence_are_off_unless_they_are_asked_for():
    assert FeedRule.PRICE_BAND not in told({})
    assert FeedRule.SILENCE not in told({})
    assert len(told({})) == len(FeedRule) - 2


@pytest.mark.parametrize(
    "section",
    [
        {"crossed": {"limit_ms": -1, "action": "halted"}},
        {"crossed": {"limit_ms": 1, "action": "ignored"}},
        {"crossed": {"limit_bps": 1, "action": "halted"}},
        {"crossed": {"limit_ms": 1}},
        {"unheard_of": {"action": "halted"}},
    ],
)
def test_what_is_no_rule_is_refused(section: dict[str, object]):
    with pytest.raises(msgspec.ValidationError):
        told(section)
