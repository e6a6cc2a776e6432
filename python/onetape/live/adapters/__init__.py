# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Venues that the engine does not speak with itself: an adapter does, in a process of its own.

It reads what to send from the journal and hands the engine what the venue said. It is one more
reader: when it is slow or dead, its own venue is, and nobody else.
"""

from onetape.live.adapters._adapter import Adapter, Backoff, Inlet, Outbound, Sent, Statement
from onetape.live.adapters._journal import JournalOutbound

__all__ = [
    "Adapter",
    "Backoff",
    "Inlet",
    "JournalOutbound",
    "Outbound",
    "Sent",
    "Statement",
]
