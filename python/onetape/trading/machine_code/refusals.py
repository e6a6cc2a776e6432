# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Why a strategy cannot be compiled, and how to mend it: said with file and line, at the start.

Most of it is found in the source text, before anything is compiled; the rest is what the compiler
says, put into words.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from onetape.errors import ConfigError
from onetape.trading.machine_code import layout


class Refusal(Exception):  # noqa: N818 - it becomes a ConfigError as soon as its place is known
    """Something that cannot be compiled: what, and how to mend it."""

    def __init__(self, what: str, mend: str, line: int = 0) -> None:
        super().__init__(what)
        self.what, self.mend, self.line = what, mend, line


def refused(function: Callable[..., Any], refusal: Refusal) -> ConfigError:
    """Return the error that a user sees."""
    code = inspect.unwrap(function).__code__
    line = refusal.line or code.co_firstlineno
    return ConfigError(
        f"{code.co_filename}, line {line}: {function.__qualname__} cannot be compiled: "
        f"{refusal.what}",
        code="RUN-020",
        hint=refusal.mend,
    )


#: Statements and expressions that have no machine code, with the way to mend them.
_UNSUPPORTED: dict[type[ast.AST], tuple[str, str]] = {
    ast.JoinedStr: (
        "it formats text",
        "leave text to a plain strategy or to a reader of the journal",
    ),
    ast.Dict: ("it makes a dict", "declare a NumPy array as state, indexed by a number"),
    ast.DictComp: ("it makes a dict", "declare a NumPy array as state, indexed by a number"),
    ast.Set: ("it makes a set", "declare a NumPy array of bool as state"),
    ast.SetComp: ("it makes a set", "declare a NumPy array of bool as state"),
    ast.List: (
        "it makes a list",
        "declare a NumPy array as state; nothing is allocated in a callback",
    ),
    ast.ListComp: (
        "it makes a list",
        "write the loop, into a NumPy array that is declared as state",
    ),
    ast.GeneratorExp: ("it makes a generator", "write the loop"),
    ast.Lambda: ("it makes a function", "write a method, or a function under @compiled"),
    ast.Try: (
        "it catches exceptions",
        "test for the condition instead; what raises stops the strategy",
    ),
    ast.With: ("it uses a context manager", "leave files and locks to a plain strategy"),
    ast.Yield: ("it is a generator", "return, and go on at the next callback"),
    ast.Await: ("it waits", "return, and go on at the next callback"),
    ast.Import: ("it imports", "import at the top of the file"),
    ast.ImportFrom: ("it imports", "import at the top of the file"),
    ast.Global: ("it changes a global", "declare an attribute of the class"),
    ast.FunctionDef: ("it defines a function", "write a method, or a function under @compiled"),
    ast.ClassDef: ("it defines a class", "declare it outside"),
    ast.Match: ("it matches patterns", "write if and elif"),
    ast.Delete: ("it deletes a name", "give it another value"),
}

#: Builtins that compiled code may call.
_CALLABLE = {
    "abs",
    "bool",
    "divmod",
    "enumerate",
    "float",
    "int",
    "isinstance",
    "len",
    "max",
    "min",
}
_CALLABLE |= {"pow", "range", "round", "sum", "zip"}

#: Functions of NumPy that make arrays.
_ALLOCATING = {
    "array",
    "arange",
    "concatenate",
    "copy",
    "diff",
    "empty",
    "full",
    "linspace",
    "ones",
}
_ALLOCATING |= {"empty_like", "full_like", "ones_like", "sort", "stack", "zeros", "zeros_like"}

_MENDS = {
    "print": "leave printing to a plain strategy, or to a reader of the journal",
    "open": "leave files to a plain strategy",
    "super": "call the method by another name, or write it out",
    "str": "leave text to a plain strategy or to a reader of the journal",
    "repr": "leave text to a plain strategy or to a reader of the journal",
    "list": "declare a NumPy array as state",
    "dict": "declare a NumPy array as state",
    "set": "declare a NumPy array of bool as state",
    "sorted": "keep a NumPy array sorted as you fill it",
    "getattr": "name the attribute",
    "setattr": "name the attribute",
    "hasattr": "declare the attribute in the class",
    "array": "declare a NumPy array as state and fill it; nothing is allocated in a callback",
    "Exception": "raise an exception of a class that Python has, such as ValueError",
}


@dataclass(frozen=True)
class ClassNames:
    """What `self.` may be followed by.

    Attributes:
        known: Attributes and methods.
        refused: Attributes that cannot be compiled, with the reason.
        arrays: Attributes that are arrays.
    """

    known: frozenset[str]
    refused: dict[str, str]
    arrays: frozenset[str]


class SourceCheck(ast.NodeVisitor):
    """Looks through one function's source text for what cannot be compiled."""

    def __init__(self, class_: ClassNames, namespace: dict[str, Any]) -> None:
        self.known, self.refused, self.arrays = class_.known, class_.refused, class_.arrays
        self.namespace = namespace
        self.self_name = ""
        self.locals: set[str] = set()

    def function(self, node: ast.FunctionDef) -> None:
        """Check a whole function; raises the first refusal."""
        arguments = [*node.args.posonlyargs, *node.args.args]
        self.self_name = arguments[0].arg if arguments else ""
        self.locals = {a.arg for a in arguments} | {a.arg for a in node.args.kwonlyargs}
        names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
        self.locals |= {n.id for n in names if isinstance(n.ctx, ast.Store)}
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(default)
        if node.args.vararg or node.args.kwarg:
            raise Refusal("it takes *arguments", "name its arguments", node.lineno)
        for statement in node.body:
            self.visit(statement)

    def visit(self, node: ast.AST) -> None:
        """Refuse what has no machine code, else look inside."""
        if type(node) in _UNSUPPORTED:
            what, mend = _UNSUPPORTED[type(node)]
            raise Refusal(what, mend, getattr(node, "lineno", 0))
        super().visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Let an exception be raised whose words are constant."""
        if node.exc is None:
            raise Refusal("it raises nothing", "name the exception", node.lineno)
        called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = called.id if isinstance(called, ast.Name) else ""
        found = self.namespace.get(name, getattr(builtins, name, None))
        if not (isinstance(found, type) and issubclass(found, Exception)):
            raise Refusal("it raises what is no exception class", _MENDS["Exception"], node.lineno)
        arguments = node.exc.args if isinstance(node.exc, ast.Call) else []
        if not all(isinstance(a, ast.Constant) for a in arguments):
            raise Refusal(
                "an exception's text is put together", "give it a constant text", node.lineno
            )

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Let `self` have only what its class declares."""
        is_own = isinstance(node.value, ast.Name) and node.value.id == self.self_name
        if is_own and node.attr in self.refused:
            raise Refusal(
                f"self.{node.attr} {self.refused[node.attr]}",
                "declare in the class what the state is made of; or leave @compiled away",
                node.lineno,
            )
        if is_own and node.attr not in self.known:
            raise Refusal(
                f"self.{node.attr} is not declared",
                f"declare it in the class, with its type: `{node.attr}: int = 0`",
                node.lineno,
            )
        if is_own and node.attr in self.arrays and isinstance(node.ctx, ast.Store):
            raise Refusal(
                f"self.{node.attr} is given another array",
                f"fill the one it has: self.{node.attr}[:] = …",
                node.lineno,
            )
        if node.attr == "symbol" and isinstance(node.ctx, ast.Load):
            raise Refusal(
                "it reads a symbol's text",
                'compare instrument_id with that of self.market("SYMBOL")',
                node.lineno,
            )
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Let only compiled functions be called."""
        if isinstance(node.func, ast.Name) and node.func.id not in self.locals:
            self._check_call(node.func.id, node.lineno)
        if isinstance(node.func, ast.Attribute):
            self._check_method(node.func, node)
        if any(isinstance(a, ast.Starred) for a in node.args) or any(
            k.arg is None for k in node.keywords
        ):
            raise Refusal("it calls with *arguments", "write the arguments out", node.lineno)
        self.generic_visit(node)

    def _check_method(self, function: ast.Attribute, call: ast.Call) -> None:
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        if self.namespace.get(owner) is np and function.attr in _ALLOCATING:
            raise Refusal("it allocates memory", _MENDS["array"], call.lineno)
        depths = [a.value for a in call.args if isinstance(a, ast.Constant)]
        if function.attr in {"bids", "asks"} and any(
            isinstance(n, int) and n > layout.LEVELS_MAX for n in depths
        ):
            raise Refusal(
                f"it looks at more than {layout.LEVELS_MAX} levels",
                f"look at {layout.LEVELS_MAX} at most",
                call.lineno,
            )

    def _check_call(self, name: str, line: int) -> None:
        found = self.namespace.get(name, getattr(builtins, name, None))
        if inspect.isfunction(found):
            raise Refusal(
                f"it calls {name}(), which is not compiled",
                f"put @compiled above `def {name}` as well",
                line,
            )
        if getattr(builtins, name, None) is found and name not in _CALLABLE:
            mend = _MENDS.get(name, "do without it, or leave this to a plain strategy")
            raise Refusal(f"it calls {name}()", mend, line)


def check_source(function: Callable[..., Any], class_: ClassNames) -> None:
    """Look through a function's source text.

    Raises:
        Refusal: With the line, when something in it cannot be compiled.
    """
    function = inspect.unwrap(function)
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError):
        raise Refusal("its source text is not at hand", "write the strategy in a file") from None
    tree = ast.parse(textwrap.dedent("".join(lines)))
    node = tree.body[0]
    ast.increment_lineno(tree, first - 1)
    if not isinstance(node, ast.FunctionDef):
        raise Refusal("it is no plain function", "define it with def", first)
    closure = inspect.getclosurevars(function)
    namespace = {**function.__globals__, **closure.nonlocals}
    SourceCheck(class_, namespace).function(node)


#: What the compiler says, and what that means here.
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        r"Only accept returning of array passed",
        "it gives back an array that it makes",
        "fill an array that is declared as state",
    ),
    (
        r"NRT required but not enabled",
        "it allocates memory",
        "declare a NumPy array as state and fill it; nothing is allocated in a callback",
    ),
    (
        r"Untyped global name '(\w+)'",
        "it uses the global {0}, which is no number, array or compiled function",
        "make {0} an attribute of the class, or put @compiled above it if it is a function",
    ),
    (
        r"Unknown attribute '(\w+)' of type (\w+)",
        "a {1} has no {0}",
        "see docs/guides/strategies.md for what it has",
    ),
    (
        r"Cannot unify (.+?) and (.+?) for '(\w+)",
        "{2} holds a {0} on one way and a {1} on another",
        "give a variable one type, whichever way is taken",
    ),
    (
        r"Cannot resolve setattr: .*\)\.(\w+) = (.*)",
        "self.{0} is given a value of another type than it is declared with ({1})",
        "convert the value, or declare the attribute with that type",
    ),
    (
        r"No implementation of function Function\(<(?:built-in )?\w+ '?([\w.]+)",
        "it calls or computes {0} with types that have no machine code",
        "use whole numbers, floats and NumPy arrays; or leave @compiled away",
    ),
)


def translated(function: Callable[..., Any], err: Exception) -> Refusal:
    """Put what the compiler said into words."""
    numbered = r"\bMarket of \d+|, number \d+\b"
    text = re.sub(numbered, lambda found: found[0].split()[0].strip(","), str(err))
    if found := re.search(r"REFUSED\[(.*?)\|(.*?)\]", text, re.DOTALL):
        what, mend = found.groups()
    else:
        what, mend = _worded(text)
    return Refusal(what, mend, _line(function, text))


def _worded(text: str) -> tuple[str, str]:
    for pattern, what, mend in _SAID:
        if found := re.search(pattern, text):
            return what.format(*found.groups()), mend.format(*found.groups())
    lines = (line.strip() for line in text.splitlines()[1:])
    first = next((line for line in lines if line and not line.startswith("- ")), text)
    return f"the compiler says: {first}", "leave @compiled away, or do it another way"


def _line(function: Callable[..., Any], text: str) -> int:
    """Return the line of the function's file that the compiler speaks of; 0 when it says none."""
    name = re.escape(Path(inspect.unwrap(function).__code__.co_filename).name)
    lines = _mentions(name, text)
    return next(lines, 0)


def _mentions(name: str, text: str) -> Iterator[int]:
    for found in re.finditer(rf'{name}(?:", line (\d+)| \((\d+)\)|:(\d+))', text):
        yield int(next(group for group in found.groups() if group))
