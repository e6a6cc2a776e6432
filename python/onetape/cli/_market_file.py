# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The sections that one file about an exchange may have: the exchange, its crowd, the after-trade.

Every command about an exchange reads the same file and takes from it what is its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import msgspec

    from onetape.config import Loaded


def sections() -> dict[str, type[msgspec.Struct]]:
    """Return the sections, by their name in the file."""
    from onetape.exchange.clearing.config import SECTIONS as CLEARING
    from onetape.exchange.config import SECTIONS as EXCHANGE
    from onetape.exchange.surveillance.config import SECTIONS as SURVEILLANCE
    from onetape.sim.crowd.config import SECTIONS as CROWD

    return {**EXCHANGE, **CLEARING, **SURVEILLANCE, **CROWD}


def load_market(config: Path | None, overrides: Sequence[str]) -> Loaded:
    """Read a file about an exchange; None for the defaults.

    Args:
        config: The file.
        overrides: `section.key=value`, stronger than the file and the environment.

    Raises:
        ConfigError: If the file cannot be read, a key is unknown or a value is wrong.
    """
    from onetape.config import load

    return load(config, sections(), overrides=overrides, environment=os.environ)
