# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Other markets in: files of market data, recognised by what is in them, opened for a run.

It decides once per file. What runs once per message is native (`onetape._native.MarketSource`) or a
batch of NumPy columns.
"""

from onetape.feed._day import midnight_ns
from onetape.feed._open import FORMATS, open_source
from onetape.feed._source import Source

__all__ = ["FORMATS", "Source", "midnight_ns", "open_source"]
