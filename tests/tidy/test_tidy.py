# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The house rules as tests: names, headers, sizes, comments, words.

A limit that stands in the way is changed here, with the reason in an ADR, in the same commit.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES_BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
FILE_LINES_MAX, FUNCTION_LINES_MAX, EXAMPLE_LINES_MAX, ROOT_ENTRIES_MAX = 500, 70, 80, 24
# Longer than the limit when the limit came: these may shrink, not grow (the ratchet).
# The stub is one list of what the native module has.
FILES_LONGER: dict[str, int] = {"python/onetape/_native.pyi": 900}
FUNCTIONS_LONGER: dict[str, int] = {}
MADE = "Made by tools/"


if not (ROOT / ".git").exists():
    pytest.skip("the house rules are for a git checkout", allow_module_level=True)


def tracked(*endings: str) -> list[Path]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = sorted({ROOT / name for name in done.stdout.splitlines()})
    return [p for p in paths if p.is_file() and (not endings or p.suffix in endings)]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


SOURCES = [p for p in tracked(".py", ".pyi", ".rs") if MADE not in p.read_text("utf-8")[:400]]


def test_files_are_named_after_the_noun_inside():
    wrong = [name(p) for p in tracked() if NAMES_BANNED & {*p.relative_to(ROOT).parts, p.stem}]
    assert not wrong, f"say what is inside: {wrong}"


def test_the_top_of_the_repository_is_short():
    top = {p.relative_to(ROOT).parts[0] for p in tracked()}
    assert len(top) <= ROOT_ENTRIES_MAX, sorted(top)


@pytest.mark.parametrize("path", tracked(".py", ".pyi", ".rs"), ids=name)
def test_a_source_file_opens_with_its_licence(path: Path):
    lines = path.read_text("utf-8").splitlines()[:3]
    text = "\n".join(lines)
    assert "SPDX-License-Identifier: Apache-2.0" in text
    assert "SPDX-FileCopyrightText: 2026 The onetape authors" in text


def rust_functions(text: str) -> Iterator[tuple[str, int]]:
    """Yield functions and their lengths; rustfmt sets the closing brace under the first word."""
    lines = text.splitlines()
    for start, line in enumerate(lines):
        if found := re.match(r"( *)(?:pub(?:\([a-z]+\))? )?(?:const |unsafe )*fn (\w+)", line):
            if line.rstrip().endswith(("}", ";")):
                continue
            closing = f"{found[1]}}}"
            end = next((i for i in range(start, len(lines)) if lines[i] == closing), start)
            yield found[2], end - start + 1


def python_functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_files_and_functions_fit_on_a_screen(path: Path):
    text = path.read_text("utf-8")
    length = len(text.splitlines())
    assert length <= FILES_LONGER.get(name(path), FILE_LINES_MAX), (
        f"{length} lines: think of a split"
    )
    functions = rust_functions(text) if path.suffix == ".rs" else python_functions(text)
    for function, lines in functions:
        limit = FUNCTIONS_LONGER.get(f"{name(path)}:{function}", FUNCTION_LINES_MAX)
        assert lines <= limit, f"{function} has {lines} lines: think of a split"


def test_examples_are_short():
    for path in (ROOT / "examples").rglob("*.py"):
        length = len(path.read_text("utf-8").splitlines())
        assert length < EXAMPLE_LINES_MAX, f"{name(path)} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_comments_are_sentences_about_why(path: Path):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        todo = re.search(r"(?:#|//)\s*(?:TODO|FIXME|XXX|HACK)\b(?! ?\(#\d+\))", line)
        assert not todo, f"line {number}: give it an issue number, TODO (#12), or do it"
        assert not re.match(r"\s*(?:#|//) ?[-=*]{3,}\s*$", line), (
            f"line {number}: a ruler says nothing"
        )


@pytest.mark.parametrize("path", tracked(), ids=name)
def test_nothing_names_the_place_where_it_was_written(path: Path):
    if path.suffix not in {".png", ".gz", ".zst", ".bin", ".lock"}:
        found = re.search(
            rb"/(?:work|root|home/\w+|opt/wheels)/|https?://[\w.-]*(?:pypi|crates\.io)",
            path.read_bytes(),
        )
        assert not found, f"{found and found[0]!r}: say it without this machine's places"


def test_the_wheel_runs_on_any_machine():
    for path in tracked(".toml"):
        text = path.read_text("utf-8")
        assert "target-cpu" not in text, f"{name(path)}: build for the host only in benchmarks/"


def test_decisions_have_numbers_of_their_own_and_a_title_with_it():
    paths = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert len({p.name[:4] for p in paths}) == len(paths), "a number is used twice"
    for path in paths:
        assert path.read_text("utf-8").startswith(f"# {path.name[:4]}: "), f"title of {name(path)}"


def test_the_measure_of_functions_sees_them():
    rust = "impl A {\n    const fn a(\n        b: u8,\n    ) -> u8 {\n        b\n    }\n}\n"
    assert dict(rust_functions(rust)) == {"a": 5}
    assert dict(python_functions("class A:\n    def a(self):\n        pass\n")) == {"a": 2}
