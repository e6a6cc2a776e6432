# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Limits: what a strategy, an account or a firm may do."""

from onetape.risk.config import LimitsConfig, RiskConfig, limits_set, scope_limits

__all__ = ["LimitsConfig", "RiskConfig", "limits_set", "scope_limits"]
