# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Which way things may point: modules of core, crates. (Python: import-linter.)"""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Modules of core, from the bottom up; a module uses only lines above its own, never its own line.
CORE_LAYERS = [
    {"errors", "types", "events", "component", "hash", "numbers", "queue", "snapshot"},
    {"journal", "wire"},
    {"book", "risk"},
    {"exchange", "trading", "feed", "continuity"},
    {"sim", "live", "tape"},
]
CRATES = {"onetape-core": set(), "onetape-io": {"core"}, "onetape-py": {"core", "io"}}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def core_module(path: Path) -> str:
    return path.relative_to(ROOT / "crates/core/src").parts[0].removesuffix(".rs")


@pytest.mark.parametrize("path", sorted((ROOT / "crates/core/src").rglob("*.rs")), ids=name)
def test_modules_of_core_point_down(path: Path):
    module, text = core_module(path), path.read_text("utf-8")
    if module == "lib":
        return
    level = next((i for i, layer in enumerate(CORE_LAYERS) if module in layer), None)
    assert level is not None, f"module {module} has no layer: give it one in CORE_LAYERS"
    below = set().union(*CORE_LAYERS[:level]) | {module} | (CORE_LAYERS[0] if level == 0 else set())
    used = set(re.findall(r"\bcrate::(\w+)", text))
    for group in re.findall(r"\bcrate::\{([^;]*)\};", text):
        used |= set(re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"\{[^{}]*\}", "", group)))
    assert used <= below, f"{module} may not use {sorted(used - below)}"


def test_core_prints_nothing_and_is_safe():
    for path in (ROOT / "crates/core/src").rglob("*.rs"):
        code = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
        assert not re.search(r"\b(?:e?print(?:ln)?|dbg)!", code), f"{name(path)} prints"
    assert "#![forbid(unsafe_code)]" in (ROOT / "crates/core/src/lib.rs").read_text("utf-8")


def test_crates_depend_downwards():
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for package in json.loads(done.stdout)["packages"]:
        ours = {d["name"] for d in package["dependencies"] if d["name"].startswith("onetape-")}
        assert ours <= {f"onetape-{c}" for c in CRATES[package["name"]]}, package["name"]
