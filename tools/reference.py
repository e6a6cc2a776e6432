# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Make the reference pages (errors, exit codes, configuration, decisions) from the source.

    python tools/reference.py            write what is out of date
    python tools/reference.py --check    write nothing; exit 1 when a page differs

An error's code belongs to one class, for ever: a second class with the same code is refused.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from made_files import settle
from onetape import errors
from onetape.cli import _border, _market_file
from onetape.config import load
from onetape.live.config import SECTIONS as LIVE_SECTIONS
from onetape.sim.config import SECTIONS as RUN_SECTIONS

#: Every section of every command's configuration.
SECTIONS = {**RUN_SECTIONS, **_market_file.sections(), **LIVE_SECTIONS}
ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
DECISIONS = ROOT / "docs" / "adr"
MADE = "<!-- Made by tools/reference.py from the source. Do not edit: run `make gen`. -->"
CODE = re.compile(r"[A-Z]{3}-\d{3}")
RUST_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Raised:
    """One place where an error is made."""

    code: str
    kind: str
    says: str
    hint: str
    where: str


def words(node: ast.expr | None) -> str:
    """Return text as it stands in the source, with {names} for what is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [
            "…" if isinstance(v, ast.FormattedValue) else str(getattr(v, "value", ""))
            for v in node.values
        ]
        return "".join(parts)
    return "…" if node is not None else ""


def in_python(path: Path) -> Iterator[Raised]:
    """Yield the errors that a Python file makes: calls with `code="…"`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        keywords = {k.arg: k.value for k in node.keywords}
        code = words(keywords.get("code"))
        if CODE.fullmatch(code):
            kind = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
            says = words(node.args[0]) if node.args else ""
            where = str(path.relative_to(ROOT))
            yield Raised(code, kind.split(".")[-1], says, words(keywords.get("hint")), where)


def arguments(text: str, start: int) -> list[str]:
    """Return the arguments from `start`, inside a call, up to the call's closing bracket."""
    parts, depth, quoted = [""], 0, False
    for at in range(start, len(text)):
        char = text[at]
        if char == '"' and text[at - 1] != "\\":
            quoted = not quoted
        if not quoted and char in ")]}":
            depth -= 1
            if depth < 0:
                break
        depth += not quoted and char in "([{"
        if char == "," and not quoted and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def rust_words(argument: str, above: str) -> str:
    """Return the text in a Rust argument, `…` where it is made at run time.

    A name stands for the nearest text given to it in the lines above.
    """
    found = RUST_STRING.search(argument)
    if found is None and (name := re.search(r"([A-Za-z_]\w*)\W*$", argument)):
        given = rf'\b(?:let|const) {name[1]}\b[^;"]*"((?:[^"\\]|\\.)*)"'
        found = next(reversed([*re.finditer(given, above)]), None)
    if found is None:
        return "…"
    plain = re.sub(r"\\\s*\n\s*", "", found[1])
    return re.sub(r"\{[^}]*\}", "…", plain).replace('\\"', '"')


def rust_class(text: str, before: str, path: Path) -> str:
    """Return the class of an error whose code follows `before`.

    It stands in the same call; or in the one place of the file, or of the folder's `mod.rs`, that
    takes codes from a variable; or nearest above.
    """
    if same := re.search(r'"(\w+Error)",\s*$', before):
        return same[1]
    sibling = path.parent / "mod.rs"
    shared = sibling.read_text("utf-8") if sibling.exists() else ""
    built = re.search(r"\b(?:fault\(|code:)\s*$", before)  # a struct that another file raises
    for whole in [shared] if built else [text, shared]:
        takers = set(re.findall(r'raise\(\s*py,\s*"(\w+Error)",\s*\w*code\b', whole))
        if len(takers) == 1:
            return str(takers.pop())
    return next(reversed(re.findall(r'"(\w+Error)"', before)), "OnetapeError")


def in_rust(path: Path) -> Iterator[Raised]:
    """Yield the errors that a Rust file makes: `f("CODE", message, hint)`, or fields so named."""
    text = path.read_text("utf-8")
    for code in re.finditer(rf'"({CODE.pattern})"', text):
        before = text[: code.start()]
        given = [x.strip() for x in arguments(text, code.start())]
        named = {name: x for x in given for name in [x.partition(":")[0]] if name.isidentifier()}
        says, hint = [*given[1:3], "", ""][:2]
        if re.search(r"\bcode:\s*$", before):
            says, hint = named.get("what", says), named.get("hint", "hint")
        kind = rust_class(text, before, path)
        where = str(path.relative_to(ROOT))
        yield Raised(code[1], kind, rust_words(says, before), rust_words(hint, before), where)


def rust_arms(text: str, function: str) -> dict[str, str]:
    """Return the texts of a `match self` by variant: those of `fn function`."""
    body = re.search(rf"fn {function}\(.*?\n    \}}\n", text, re.DOTALL)
    arms = re.split(r"\n\s+(?=Self::)", body[0] if body else "")
    found = [(re.match(r"Self::(\w+)", arm), RUST_STRING.search(arm)) for arm in arms]
    return {variant[1]: string[1] for variant, string in found if variant and string}


def in_rust_enum(path: Path, bindings: str) -> Iterator[Raised]:
    """Yield the errors of an enum that says its own `code`, `hint` and text (`fmt`)."""
    text = path.read_text("utf-8")
    says, hints = rust_arms(text, "fmt"), rust_arms(text, "hint")
    for variant, code in rust_arms(text, "code").items():
        kind = re.search(rf'::{variant}\b[^"]*?=> "(\w+Error)"', bindings)
        message = re.sub(r"\{[^}]*\}", "…", says.get(variant, "…"))
        where = str(path.relative_to(ROOT))
        yield Raised(
            code, kind[1] if kind else "OnetapeError", message, hints.get(variant, ""), where
        )


def raised() -> list[Raised]:
    """Return every error that the source makes, by code."""
    found: list[Raised] = []
    for path in sorted((ROOT / "python" / "onetape").rglob("*.py")):
        found += in_python(path)
    for path in sorted((ROOT / "crates" / "py" / "src").rglob("*.rs")):
        found += in_rust(path)
    bindings = (ROOT / "crates" / "py" / "src" / "errors.rs").read_text("utf-8")
    for path in sorted((ROOT / "crates" / "io" / "src").rglob("*.rs")):
        found += in_rust_enum(path, bindings)
    kinds = defaultdict(set)
    for one in found:
        kinds[one.code].add(one.kind)
    for code, classes in sorted(kinds.items()):
        if len(classes) > 1:
            raise SystemExit(f"reference.py: {code} belongs to {' and '.join(sorted(classes))}")
    return sorted(set(found), key=lambda r: (r.code, r.where, r.says, r.hint, r.kind))


def errors_page() -> str:
    """Return the page of error codes."""
    tree = (inspect.getdoc(errors) or "").partition("\n\n")[2].partition("\n\n")[0]
    out = [MADE, "# Errors", "", "Every error of onetape is an `OnetapeError` with a stable code."]
    out += ["A place in a text that is filled in at run time stands here as `…`.", ""]
    out += ["```", *tree.splitlines(), "```", ""]
    out += [
        "| code | class | what it says | what to do | made in |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in raised():
        cells = [one.code, f"`{one.kind}`", one.says, one.hint, f"`{one.where}`"]
        out += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"]
    return "\n".join(out) + "\n"


def exit_codes_page() -> str:
    """Return the page of exit codes."""
    comments: list[str] = []
    out = [MADE, "# Exit codes", "", "What the `onetape` command leaves with.", ""]
    out += ["| code | name | meaning |", "| --- | --- | --- |"]
    for line in inspect.getsource(_border.ExitCode).splitlines():
        if comment := re.match(r"\s+#: (.*)", line):
            comments.append(comment[1])
        elif member := re.match(r"\s+([A-Z_]+) = (\d+)", line):
            out += [f"| {member[2]} | `{member[1]}` | {' '.join(comments)} |"]
            comments.clear()
    return "\n".join(out) + "\n"


def shown(value: object) -> str:
    """Return a default for people."""
    if value in (None, "", [], {}):
        return "–"
    return f"{value:,}".replace(",", "_") if isinstance(value, int) else f"`{value}`"


def config_page() -> str:
    """Return the page of the configuration."""
    out = [MADE, "# Configuration", ""]
    out += ["One TOML file; every value can also come from the environment"]
    out += [
        "(`ONETAPE__SECTION__KEY=…`) or the command line (`--set section.key=value`), which win"
    ]
    out += ["in that order. `onetape config explain CONFIG.toml` prints what is in force and why."]
    section = ""
    for key in load(None, SECTIONS).keys():  # noqa: SIM118 - a method, not a mapping
        owner, _, name = key.name.partition(".")
        if owner != section:
            section = owner
            kind = SECTIONS[section]
            out += [
                "",
                f"## [{section}]",
                "",
                (inspect.getdoc(kind) or "").partition(": ")[2].capitalize(),
            ]
            out += [
                "",
                "| key | type | default | unit | meaning |",
                "| --- | --- | --- | --- | --- |",
            ]
        unit = key.unit or "–"
        meaning = key.description.replace("|", "\\|")
        out += [f"| `{name}` | {key.type} | {shown(key.default)} | {unit} | {meaning} |"]
    return "\n".join(out) + "\n"


def decisions_page() -> str:
    """Return the index of decisions."""
    out = [MADE, "# Decisions", ""]
    out += [
        "One page each: context, decision, what we gave up. Never edited, only superseded. One for"
    ]
    out += ["each dependency, format and border. Start from [the template](template.md).", ""]
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        out += [f"- [{title}]({path.name})"]
    return "\n".join(out) + "\n"


def main() -> int:
    """Run the generator."""
    parser = argparse.ArgumentParser(description="Make reference pages from the source.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 on a difference"
    )
    options = parser.parse_args()
    made = {
        PAGES / "errors.md": errors_page(),
        PAGES / "exit-codes.md": exit_codes_page(),
        PAGES / "config.md": config_page(),
        DECISIONS / "README.md": decisions_page(),
    }
    return settle(made, ROOT, check=options.check)


if __name__ == "__main__":
    sys.exit(main())
