# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Write made files, or only say which are out of date."""

from __future__ import annotations

import sys
from pathlib import Path


def settle(made: dict[Path, str], root: Path, *, check: bool) -> int:
    """Write what differs; with `check` write nothing and return 1 when something does."""
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        name = path.relative_to(root)
        if check:
            print(f"{name} is out of date; run `make gen`", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], "utf-8")
            print(f"wrote {name}")
    return 1 if check and stale else 0
