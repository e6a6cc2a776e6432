# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How a command that runs on is ended from outside."""

from __future__ import annotations

import signal


def end_at_sigterm() -> None:
    """Have SIGTERM (`kill`, a service manager) end this process as Ctrl-C does: in good order."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
