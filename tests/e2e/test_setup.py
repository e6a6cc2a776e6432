# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`make setup` on a machine that lacks something says so in one sentence, and does nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ALWAYS = ["make", "sh", "env", "cat"]


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """Return a checkout with only what set-up reads, and an empty `bin`."""
    folder = tmp_path / "checkout"
    (folder / "tools").mkdir(parents=True)
    (folder / "bin").mkdir()
    for name in ["Makefile", "Cargo.toml", "pyproject.toml", "tools/setup.py"]:
        shutil.copy(root / name, folder / name)
    for name in ALWAYS:
        tool = shutil.which(name)
        assert tool is not None
        (folder / "bin" / name).symlink_to(tool)
    return folder


def script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
    path.chmod(0o755)


def setup(checkout: Path, **tools: str) -> str:
    """Run `make setup` with only these tools on the path; return what it says."""
    for name, line in tools.items():
        script(checkout / "bin" / name, line)
    environment = {"PATH": str(checkout / "bin"), "HOME": str(checkout)}
    done = subprocess.run(
        [str(checkout / "bin" / "make"), "setup"],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert not (checkout / ".venv").exists()
    lines = [x for x in done.stderr.splitlines() if not x.startswith("make")]
    assert len(lines) == 1, done.stderr
    return lines[0]


PYTHON = f'exec {os.path.realpath(sys.executable)} "$@"'


def test_without_python(checkout):
    assert setup(checkout).startswith("Python is missing: install Python 3.11 or newer")


def test_without_a_compiler(checkout):
    assert setup(checkout, python3=PYTHON).startswith("A C compiler is missing: install gcc")


def test_without_rust(checkout):
    says = setup(checkout, python3=PYTHON, cc="exit 0")
    assert says.startswith("Rust is missing: install cargo 1.")


def test_with_an_old_rust(checkout):
    says = setup(checkout, python3=PYTHON, cc="exit 0", cargo="echo cargo 1.63.0")
    assert says.startswith("Rust is too old (cargo 1.63.0): install cargo 1.")


def test_without_venv(checkout):
    line = f'[ "$1" = -c ] && exit 1; {PYTHON}'
    (checkout / "sitecustomize.py").write_text("import sys; sys.executable = 'bin/python3'\n")
    says = setup(checkout, python3=f"PYTHONPATH={checkout} export PYTHONPATH; {line}")
    assert says.startswith("Python has no venv module: install it")
