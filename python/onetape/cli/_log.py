# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Where log lines go: readable on a terminal, JSON otherwise; standard error, results keep stdout.

The only place (with `live`) that sets up handlers. A fact that state depends on is not a log line:
it belongs in the journal.
"""

from __future__ import annotations

import json
import logging
import sys
from enum import StrEnum

#: What every log record has; the rest was given as `extra`.
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class Level(StrEnum):
    """How much to tell."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def facts(record: logging.LogRecord) -> dict[str, object]:
    """Return the values that were logged beside the sentence."""
    return {k: v for k, v in vars(record).items() if k not in _STANDARD}


class Readable(logging.Formatter):
    """`warning journal: segment sealed segment=12 seq_last=9000`."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one line."""
        name = record.name.removeprefix("onetape.")
        pairs = "".join(f" {k}={v}" for k, v in facts(record).items())
        line = f"{record.levelname.lower()} {name}: {record.getMessage()}{pairs}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one line."""
        line: dict[str, object] = {
            "time_s": record.created,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **facts(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def set_up(level: Level) -> None:
    """Send the log lines of onetape, from `level` up, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Readable() if sys.stderr.isatty() else Json())
    logger = logging.getLogger("onetape")
    logger.handlers[:] = [handler]
    logger.setLevel(level.value.upper())
    logger.propagate = False
