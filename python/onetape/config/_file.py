# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The TOML file: its text, its tree, and on which line a key stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from onetape.errors import ConfigError


def read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as err:
        raise ConfigError(
            f"cannot read the configuration {path}: {err.strerror}",
            code="CFG-001",
            hint="give the path of a TOML file, or none for the defaults",
        ) from err
    except UnicodeDecodeError as err:
        raise ConfigError(
            f"{path}: byte {err.start} is not UTF-8", code="CFG-001", hint="save it as UTF-8 text"
        ) from err


def parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise ConfigError(
            f"{path} is not TOML: {err}", code="CFG-002", hint='text wants quotes: key = "value"'
        ) from err


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{name}.")
        else:
            yield name


def place(text: str, path: Path, key: str) -> str:
    """Return `file:line` of a dotted key, or the file when its line is not plain to see."""
    header = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.split("#")[0].strip()
        if table := re.fullmatch(r"\[\s*([^\[\]]+?)\s*\]", bare):
            header = table[1].replace('"', "").replace(" ", "")
            if header == key:
                return f"{path}:{number}"
        elif "=" in bare:
            name = bare.partition("=")[0].replace('"', "").replace(" ", "")
            full = f"{header}.{name}" if header else name
            if full == key or key.startswith(f"{full}."):
                return f"{path}:{number}"
    return str(path)
