# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The compiled tier: a strategy's callbacks as machine code, called without the interpreter.

`@compiled` marks a class; what marks it costs nothing until a run starts. Only then are Numba and
the rest of this package imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from onetape.errors import ConfigError
from onetape.trading.strategy import Strategy

T = TypeVar("T", bound=type[Strategy] | Callable[..., Any])

#: Set on a strategy's class whose callbacks are to be compiled.
MARK = "__onetape_compiled__"


def compiled(thing: T) -> T:
    """Have a strategy's callbacks, or a function that they call, run as machine code.

    The same source text serves both tiers, and they send the same orders. What cannot be compiled
    is refused when the run starts, with its line and the way to mend it. A function can be called
    from plain code as before.

    Args:
        thing: A subclass of `Strategy`, or a function of numbers and arrays.

    Raises:
        ConfigError: If Numba is not installed, or `thing` is neither.
    """
    if isinstance(thing, type) and issubclass(thing, Strategy):
        marked = type(thing.__name__, (thing,), {"__module__": thing.__module__, MARK: True})
        marked.__qualname__, marked.__doc__ = thing.__qualname__, thing.__doc__
        return marked  # type: ignore[return-value] # a subclass that adds a mark
    if callable(thing) and not isinstance(thing, type):
        return _compiled_function(thing)
    raise ConfigError(
        f"@compiled stands above {thing!r}",
        code="RUN-023",
        hint="put it above a subclass of onetape.Strategy, or above a function",
    )


def is_compiled(kind: type[Strategy]) -> bool:
    """Say whether a strategy's callbacks are to be compiled."""
    return bool(getattr(kind, MARK, False))


def require_numba() -> None:
    """Raise a ConfigError that says what to install, if Numba is missing."""
    try:
        import numba  # noqa: F401, PLC0415 - only compiled strategies need it
    except ImportError as err:
        raise ConfigError(
            f"@compiled needs Numba, which cannot be imported: {err}",
            code="RUN-024",
            hint="install it: pip install 'onetape[compiled]'; or leave @compiled away",
        ) from err


def _compiled_function(function: T) -> T:
    require_numba()
    import numba  # noqa: PLC0415 - only compiled strategies need it

    from onetape.trading.machine_code.build import OPTIONS  # noqa: PLC0415 - likewise

    return numba.njit(**OPTIONS)(function)  # type: ignore[no-any-return] # numba has no types
