# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The rules by name, and the run of them over a journal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from onetape.errors import ConfigError
from onetape.exchange.surveillance._alert import Alert
from onetape.exchange.surveillance._close import marking_close
from onetape.exchange.surveillance._order_to_trade import order_to_trade
from onetape.exchange.surveillance._pulled import layering, spoofing
from onetape.exchange.surveillance._tape import Tape, read_tape
from onetape.exchange.surveillance._wash import wash
from onetape.exchange.surveillance.config import SurveillanceConfig
from onetape.journal import Journal

Rule = Callable[[Tape, SurveillanceConfig], Iterator[Alert]]

#: Every rule, by its name in an alert and in the configuration.
RULES: dict[str, Rule] = {
    "wash": wash,
    "layering": layering,
    "spoofing": spoofing,
    "marking_close": marking_close,
    "order_to_trade": order_to_trade,
}


def surveil(
    journal: Journal,
    config: SurveillanceConfig | None = None,
    *,
    rules: Collection[str] = (),
) -> list[Alert]:
    """Look for patterns of abuse in an exchange's journal.

    Args:
        journal: The exchange's journal; one that is still being written is read up to its last
            input.
        config: Thresholds; None for the defaults.
        rules: Names of the rules; empty for all.

    Returns:
        The alerts, by day and time.

    Raises:
        ConfigError: If a rule is unknown.
        JournalError: If it is not an exchange's journal.
        JournalCorruptError: If an entry is damaged.
    """
    if unknown := sorted(set(rules) - set(RULES)):
        raise ConfigError(
            f"there is no rule {unknown[0]}",
            code="SRV-001",
            hint=f"the rules are: {', '.join(RULES)}",
        )
    tape, limits = read_tape(journal), config or SurveillanceConfig()
    chosen = [rule for name, rule in RULES.items() if not rules or name in rules]
    found = [alert for rule in chosen for alert in rule(tape, limits)]
    return sorted(found, key=lambda a: (a.date, a.start_ts_ns, a.rule, a.firm, a.symbol))
