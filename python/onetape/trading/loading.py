# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Finds a strategy's class, gives it its parameters, and says what its code is."""

from __future__ import annotations

import difflib
import functools
import hashlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onetape.errors import ConfigError
from onetape.trading import Strategy
from onetape.trading.machine_code import is_compiled, require_numba
from onetape.trading.parameters import parameters_of, set_parameter

if TYPE_CHECKING:
    from onetape.trading.machine_code.build import CompiledCode

#: The callbacks that the engine looks for.
CALLBACKS = (
    "on_start",
    "on_book",
    "on_trade",
    "on_fill",
    "on_order",
    "on_parent",
    "on_timer",
    "on_stop",
    "on_parameter",
)


def load_strategy(place: str, base: Path | None = None) -> type[Strategy]:
    """Import a strategy's class.

    Args:
        place: `file.py:Class`, or `file.py` alone when the file has one strategy; or a class of
            an installed module, as `package.module:Class`.
        base: Folder that a relative file counts from; None for the working directory.

    Raises:
        ConfigError: If the file or the class is not there, or it is not a strategy.
    """
    file, _, name = place.partition(":")
    path = (base or Path()) / file
    if is_installed(place):
        return _load_installed(file, name)
    if not path.is_file():
        raise ConfigError(
            f"[run] strategy: expected a Python file, found nothing at {path}",
            code="RUN-001",
            hint='write strategy = "file.py:Class", the file relative to the configuration',
        )
    module_name = f"onetape_strategy_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path} is not a Python file", code="RUN-001", hint="name a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as err:
        line = err.lineno if isinstance(err, SyntaxError) else _last_line(err, path)
        raise ConfigError(
            f"{path}, line {line}: {type(err).__name__}: {err}",
            code="RUN-006",
            hint="the strategy's file does not load: mend it, or install what it imports",
        ) from err
    own = {
        n: v
        for n, v in vars(module).items()
        if inspect.isclass(v) and issubclass(v, Strategy) and v.__module__ == module_name
    }
    if name in own:
        return own[name]
    if not name and len(own) == 1:
        return next(iter(own.values()))
    known = ", ".join(sorted(own)) or "no subclass of onetape.Strategy"
    raise ConfigError(
        f"{path}: expected the strategy {name or '(one class)'}, found {known}",
        code="RUN-002",
        hint=f'write strategy = "{file}:Class" with one of these',
    )


def is_installed(place: str) -> bool:
    """Return whether a strategy's place names a module, rather than a file."""
    module, _, name = place.partition(":")
    return (
        bool(name) and not module.endswith(".py") and all(map(str.isidentifier, module.split(".")))
    )


def _load_installed(module: str, name: str) -> type[Strategy]:
    """Return a strategy's class of an installed module."""
    try:
        kind = getattr(importlib.import_module(module), name, None)
    except ImportError as err:
        raise ConfigError(
            f"[run] strategy: expected a module that can be imported, found {module}: {err}",
            code="RUN-001",
            hint='write "file.py:Class" for a file, "package.module:Class" for a module',
        ) from err
    if inspect.isclass(kind) and issubclass(kind, Strategy):
        return kind
    raise ConfigError(
        f"{module}: expected the strategy {name}, found none of this name",
        code="RUN-002",
        hint="name a subclass of onetape.Strategy that stands in this module",
    )


def _last_line(err: BaseException, path: Path) -> int | None:
    """Return the last line of a file that an exception passed through."""
    frames = traceback.extract_tb(err.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == path]
    return lines[-1] if lines else None


def make_strategy(kind: type[Strategy] | Strategy, params: Mapping[str, Any]) -> Strategy:
    """Return an instance with its parameters set as attributes.

    Raises:
        ConfigError: If the class has no attribute of a parameter's name.
    """
    strategy = kind() if isinstance(kind, type) else kind
    for name in dir(type(strategy)):
        value = inspect.getattr_static(strategy, name)
        if isinstance(value, np.ndarray) and name not in vars(strategy):
            # An array of the class would be filled by this run and found full by the next.
            setattr(strategy, name, value.copy())
    for name, value in params.items():
        if not hasattr(strategy, name):
            known = [n for n in dir(strategy) if not n.startswith("_")]
            near = difflib.get_close_matches(name, known, 1)
            raise ConfigError(
                f"[strategy.params] {name}: {type(strategy).__name__} has no such attribute",
                code="RUN-003",
                hint=f"did you mean {near[0]}?" if near else "give the class a default for it",
            )
        setattr(strategy, name, value)
    return strategy


def handlers_of(strategy: Strategy) -> dict[str, Any]:
    """Return the callbacks that the strategy defines, None for the others, and its parameters."""
    kind = type(strategy)
    defined = {n for n in CALLBACKS if getattr(kind, n) is not getattr(Strategy, n)}
    found: dict[str, Any] = {n: getattr(strategy, n) if n in defined else None for n in CALLBACKS}
    return {
        **found,
        "any_book": bool(strategy.any_book),
        "parameters": [parameter.declared for parameter in parameters_of(strategy)],
        "set_parameter": functools.partial(set_parameter, strategy),
    }


def compiled_code(strategy: Strategy) -> CompiledCode | None:
    """Return a strategy's machine code, if it is to be compiled.

    Raises:
        ConfigError: If Numba is missing, or something in the strategy cannot be compiled.
    """
    if not is_compiled(type(strategy)):
        return None
    require_numba()
    from onetape.trading.machine_code.build import compile_strategy  # noqa: PLC0415 - slow to load

    return compile_strategy(strategy)


def source_text(kind: type[Strategy]) -> str:
    """Return the text of the file that defines the class; empty when there is none."""
    try:
        module = inspect.getmodule(kind)
        return inspect.getsource(module if module is not None else kind)
    except (OSError, TypeError):
        return ""


def code_hash(text: str) -> int:
    """Return the digest that stands in StrategyStarted."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def raised_at(err: BaseException) -> str:
    """Return where an exception was raised: file and line."""
    if place := getattr(err, "compiled_place", ""):
        return f" ({place})"
    trace = err.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})"
