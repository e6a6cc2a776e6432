# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Compiles a strategy's callbacks to machine code, before the run starts."""

from __future__ import annotations

import ctypes
import inspect
import pickle
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.errors import NumbaError, NumbaWarning
from numba.extending import intrinsic

from onetape import _native
from onetape.errors import ConfigError
from onetape.events import OrderFilled, ParentChanged
from onetape.trading.machine_code import groups, layout, orders
from onetape.trading.machine_code.fields import Declared, declared_by, functions_of
from onetape.trading.machine_code.looks import ORDER_EVENT
from onetape.trading.machine_code.refusals import (
    ClassNames,
    Refusal,
    check_source,
    refused,
    translated,
)
from onetape.trading.machine_code.views import (
    TRADE,
    WORD,
    EventType,
    StrategyType,
    add_method,
    load,
    store,
)
from onetape.trading.parameters import parameters_of
from onetape.trading.strategy import Strategy

#: How everything is compiled: no memory is taken, indices are checked, division by zero raises.
OPTIONS: dict[str, Any] = {"nogil": True, "boundscheck": True, "_nrt": False}
FILL = EventType("OrderFilled", OrderFilled.DTYPE)
PARENT = EventType("ParentChanged", ParentChanged.DTYPE)

#: The modules register what orders are asked for by.
ORDERS = (orders, groups)

#: What a strategy has besides its own attributes and methods.
_GIVEN: tuple[str, ...] = (
    "quote",
    "send",
    "cancel",
    "replace",
    "cancel_all",
    "set_timer",
    "open_parent",
    "close_parent",
    "stop_order",
    "oco",
    "oto",
    "bracket",
    "now_ns",
    "position",
)
_GIVEN += ("orders", "market", "any_book")


@dataclass
class CompiledCode:
    """A strategy's machine code, and what the engine must know to call it.

    It must live as long as anybody may call the addresses.

    Attributes:
        strategy: Whose code it is.
        declared: What its class declares, and what its callbacks look at.
        addresses: Of the callbacks, by name; those that the strategy does not define are missing.
        state: The parameters and the state: as the run begins, and after it as it ended.
        keep: What holds the machine code.
    """

    strategy: Strategy
    declared: Declared
    addresses: dict[str, int]
    state: np.ndarray[Any, np.dtype[Any]]
    keep: tuple[object, ...]

    def described(self) -> dict[str, Any]:
        """Return what the engine needs to call it, as plain values.

        Raises:
            ConfigError: If the engine was built for another version of the records they share.
        """
        found = _native.compiled_layout()
        if found != layout.sizes():
            raise ConfigError(
                f"the engine calls compiled strategies by {found}, Python by {layout.sizes()}",
                code="RUN-022",
                hint="the two were built from different sources: build again",
            )
        declared = self.declared
        return {
            "addresses": [self.addresses.get(name, 0) for name in layout.CALLBACKS],
            "state": self.state.tobytes(),
            "watched": declared.watched,
            "market_offsets": declared.market_offsets(),
            "parameters": [
                (parameter.declared, declared.fields[parameter.name].offset)
                for parameter in parameters_of(self.strategy)
                if parameter.name in declared.fields
            ],
            "levels": declared.levels,
            "looks_at_orders": declared.looks_at_orders,
            "looks_at_queues": declared.looks_at_queues,
            "any_book": bool(self.strategy.any_book),
        }

    def take_state(self, state: bytes) -> None:
        """Take the state back after a run: the strategy's attributes are as the run left them."""
        self.state = np.frombuffer(state[: self.state.nbytes], self.state.dtype).copy()
        for name, field in self.declared.fields.items():
            value = self.state[name][0]
            if isinstance(field.kind, types.Optional):
                continue
            setattr(self.strategy, name, value.copy() if field.shape else value.item())


def compile_strategy(strategy: Strategy) -> CompiledCode:
    """Compile a strategy's callbacks.

    Args:
        strategy: With its parameters set: their values are those that the run begins with.

    Raises:
        ConfigError: If something in it cannot be compiled: with file, line and the way to mend it.
    """
    declared = declared_by(strategy)
    methods = dict(functions_of(type(strategy)))
    class_ = ClassNames(
        known=frozenset({*declared.fields, *declared.symbols, *methods, *_GIVEN}),
        refused=declared.refused,
        arrays=frozenset(name for name, field in declared.fields.items() if field.shape),
    )
    for function in methods.values():
        try:
            check_source(function, class_)
        except Refusal as refusal:
            raise refused(function, refusal) from None
    for name, function in methods.items():
        add_method(declared, name, numba.njit(**OPTIONS)(function))
    entries: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NumbaWarning)
        for name in layout.CALLBACKS:
            if name in methods:
                entries[name] = _compiled(declared, name, methods[name])
    return CompiledCode(
        strategy=strategy,
        declared=declared,
        addresses={name: entry.address for name, entry in entries.items()},
        state=initial_state(declared, strategy),
        keep=(*entries.values(), *declared.methods.values()),
    )


def initial_state(declared: Declared, strategy: Strategy) -> np.ndarray[Any, np.dtype[Any]]:
    """Return the record of a strategy's attributes.

    Raises:
        ConfigError: If an attribute has a value that its field cannot hold.
    """
    state = np.zeros(1, declared.dtype())
    for name in declared.fields:
        value = getattr(strategy, name)
        is_market = isinstance(declared.fields[name].kind, types.Optional)
        if value is not None or not is_market:
            set_field(declared, state, name, value)
    return state


def set_field(
    declared: Declared, state: np.ndarray[Any, np.dtype[Any]], name: str, value: object
) -> None:
    """Write one attribute into a state.

    Raises:
        ConfigError: If the value is not of the attribute's type.
    """
    field = declared.fields[name]
    given = np.asarray(value)
    same_kind = np.can_cast(given.dtype, field.dtype, "same_kind") and given.dtype.kind != "O"
    if not same_kind or given.shape != field.shape:
        raise ConfigError(
            f"{declared.name}.{name} holds {field.kind}, found {value!r}",
            code="RUN-021",
            hint="give it a value of the type that the class declares",
        )
    state[name] = value


def _compiled(declared: Declared, name: str, function: Callable[..., Any]) -> Any:
    kinds, argument = _ARGUMENTS[name](declared)
    dispatcher = declared.methods[name]
    if len(inspect.signature(function).parameters) != len(kinds) + 1:
        raise refused(function, Refusal("it takes another number of arguments", "see the guide"))
    try:
        dispatcher.compile((StrategyType(declared), *kinds))
    except Refusal as refusal:
        raise refused(function, refusal) from None
    except NumbaError as err:
        raise _refused_somewhere(declared, function, err) from None
    _check_stores(declared, function, dispatcher)
    call = _guarded(declared, dispatcher, kinds, argument)

    def entry(context: int) -> int:
        return call(context)  # type: ignore[no-any-return] # numba has no types

    return numba.cfunc(types.int32(types.int64), _nrt=False, nogil=True)(entry)


def _refused_somewhere(declared: Declared, function: Any, err: NumbaError) -> ConfigError:
    """Return the refusal of the callback, or of the method it calls where the trouble is."""
    chosen, text = function, str(err)
    for dispatcher in declared.methods.values():
        method = dispatcher.py_func
        first = method.__code__.co_firstlineno
        last = first + len(inspect.getsourcelines(method)[0])
        line = translated(method, err).line
        if first <= line < last and text:
            chosen = method
    return refused(chosen, translated(chosen, err))


def _check_stores(declared: Declared, function: Any, dispatcher: Any) -> None:
    """Refuse floats in attributes that hold whole numbers: the machine would cut them."""
    for owner in (dispatcher, *declared.methods.values()):
        for result in owner.overloads.values():
            annotation = result.type_annotation
            for block in annotation.blocks.values():
                for statement in block.find_insts(numba.core.ir.SetAttr):
                    _check_store(declared, owner.py_func, annotation.typemap, statement)


def _check_store(declared: Declared, function: Any, kinds: Any, statement: Any) -> None:
    field = declared.fields.get(statement.attr)
    if not isinstance(kinds[statement.target.name], StrategyType) or field is None:
        return
    value = kinds[statement.value.name]
    if isinstance(value, types.Float) and not isinstance(field.kind, types.Float):
        raise refused(
            function,
            Refusal(
                f"self.{statement.attr} holds whole numbers and is given a float",
                f"use int(…), or declare it `{statement.attr}: float`",
                statement.loc.line,
            ),
        )


def _guarded(declared: Declared, dispatcher: Any, kinds: Any, argument: Any) -> Any:
    """Return the call of a callback that gives its status, and keeps what it raised."""
    kind = StrategyType(declared)
    signature = dispatcher.overloads[(kind, *kinds)].signature

    @intrinsic
    def call(typingctx: Any, context_address: types.Type) -> Any:
        def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            compiled = dispatcher.overloads[(kind, *kinds)]
            context.active_code_library.add_linking_library(compiled.library)
            given = [args[0], *([argument(builder, args[0])] if kinds else [])]
            status, _ = context.call_internal_no_propagate(
                builder, compiled.fndesc, signature, given
            )
            code = ir.IntType(32)
            with builder.if_then(builder.not_(status.is_ok), likely=False):
                error = builder.ptrtoint(status.excinfoptr, WORD)
                store(builder, args[0], layout.offset(layout.CONTEXT, "error"), "u8", error)
            return builder.select(status.is_ok, ir.Constant(code, 0), ir.Constant(code, 1))

        return types.int32(types.int64), emit

    return call


def _context(name: str) -> tuple[int, str]:
    return layout.offset(layout.CONTEXT, name), layout.code(layout.CONTEXT, name)


def _event(builder: Any, context: Any) -> Any:
    return load(builder, context, *_context("event"))


def _market(builder: Any, context: Any) -> Any:
    first = load(builder, context, *_context("markets"))
    identity = load(builder, context, *_context("instrument_id"))
    return builder.add(first, builder.mul(identity, ir.Constant(WORD, layout.MARKET.itemsize)))


#: The type of a callback's argument, and how it is found in the context.
_ARGUMENTS: dict[str, Callable[[Declared], tuple[tuple[types.Type, ...], Any]]] = {
    "on_start": lambda _declared: ((), None),
    "on_book": lambda declared: ((declared.market,), _market),
    "on_trade": lambda _declared: ((TRADE,), _event),
    "on_fill": lambda _declared: ((FILL,), _event),
    "on_order": lambda _declared: ((ORDER_EVENT,), lambda _builder, context: context),
    "on_parent": lambda _declared: ((PARENT,), _event),
    "on_timer": lambda _declared: (
        (types.int64,),
        lambda builder, context: load(builder, context, *_context("timer_id")),
    ),
    "on_stop": lambda _declared: ((), None),
    "on_parameter": lambda _declared: ((), None),
}


def raised(error: int) -> Exception:
    """Return what a callback raised; where it says so, with the place as `compiled_place`.

    Args:
        error: Address that the callback left in its context.
    """
    data = ctypes.c_void_p.from_address(error).value
    length = ctypes.c_int32.from_address(error + 8).value
    assert data is not None, "a callback that raised says what"
    kind, arguments, place = pickle.loads(ctypes.string_at(data, length))  # noqa: S301 - our own code wrote it
    made: Exception = kind(*(arguments or ()))
    if place:
        _, file, line = place
        made.compiled_place = f"{Path(file).name}, line {line}"  # type: ignore[attr-defined] # where the run looks
    return made
