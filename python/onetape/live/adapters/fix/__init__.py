# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""FIX 4.4 as an initiator: orders out, reports back. Market data comes another way."""

from onetape.live.adapters.fix._link import FixPlace
from onetape.live.adapters.fix.adapter import FixAdapter
from onetape.live.adapters.fix.config import FixConfig

__all__ = ["FixAdapter", "FixConfig", "FixPlace"]
