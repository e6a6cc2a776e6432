# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Set up a checkout: virtual environment, tools, built core. `make setup` calls it.

Does only what is out of date, by the content of the files that matter, so a second call is quick.
When something of the machine is missing it stops with one sentence that says what to install.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PYTHON_LOWEST = (3, 11)
RUST_SOURCES = ("Cargo.toml", "Cargo.lock", "crates/*/Cargo.toml", "crates/*/src/**/*.rs")


def version(text: str) -> tuple[int, ...]:
    """Return the first dotted number in `text`, such as (1, 95)."""
    found = re.search(r"(\d+)\.(\d+)", text)
    return tuple(int(part) for part in found.groups()) if found else ()


def output_of(*command: str) -> str | None:
    """Return what a command prints, or None when it cannot be run."""
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout if done.returncode == 0 else None


def missing() -> str | None:
    """Say in one sentence what this machine lacks, or None."""
    if sys.version_info < PYTHON_LOWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        return f"Python {found} is too old: install Python 3.11 or newer, or name one: PYTHON=…"
    if not PYTHON.exists() and output_of(sys.executable, "-c", "import venv, ensurepip") is None:
        return "Python has no venv module: install it (on Debian: sudo apt install python3-venv)."
    if shutil.which("cc") is None:
        return "A C compiler is missing: install gcc (on Debian: sudo apt install gcc)."
    wanted = re.search(r'rust-version = "([\d.]+)"', (ROOT / "Cargo.toml").read_text("utf-8"))
    assert wanted, "the workspace says which Rust it needs"
    cargo = output_of("cargo", "--version")
    what_to_do = f"install cargo {wanted[1]} or newer, for instance with rustup."
    if cargo is None:
        return f"Rust is missing: {what_to_do}"
    if version(cargo) < version(wanted[1]):
        return f"Rust is too old ({cargo.strip()}): {what_to_do}"
    return None


def requirements() -> list[str]:
    """Return what pyproject.toml asks for: to run, and to develop."""
    import tomllib  # noqa: PLC0415 - an older Python must get as far as the sentence above

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    # maturin asks pip for the dependency group, which pip knows since 25.1.
    groups = project["dependency-groups"]["dev"]
    return ["pip>=25.1", *project["project"]["dependencies"], *groups]


def digest(paths: list[Path], *more: str) -> str:
    """Return a digest of files and words."""
    hasher = hashlib.sha256()
    for path in sorted(paths):
        hasher.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    for word in more:
        hasher.update(f"{word}\0".encode())
    return hasher.hexdigest()


def run_once(name: str, wanted: str, *commands: list[str]) -> None:
    """Run commands unless they have run before for the same `wanted`."""
    stamp = VENV / f".{name}"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    for command in commands:
        print(f"setup: {name}: {' '.join(command[:6])}{' …' if command[6:] else ''}", flush=True)
        done = subprocess.run(command, check=False, cwd=ROOT)
        if done.returncode:
            raise SystemExit(f"setup: {name} failed; what it said stands above.")
    stamp.write_text(wanted, "utf-8")


def main() -> None:
    """Bring the checkout up to date."""
    lacking = missing()
    if lacking:
        raise SystemExit(lacking)
    os.environ["VIRTUAL_ENV"] = str(VENV)
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    os.environ["PIP_QUIET"] = "1"
    os.environ.pop("CONDA_PREFIX", None)
    if not PYTHON.exists():
        print("setup: virtual environment in .venv", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    needs = requirements()
    run_once(
        "tools",
        digest([], sys.version, *needs),
        [str(PYTHON), "-m", "pip", "install", "-q", *needs],
    )
    sources = [path for pattern in RUST_SOURCES for path in ROOT.glob(pattern)]
    built = digest([*sources, ROOT / "pyproject.toml"], sys.version)
    if not list((ROOT / "python" / "onetape").glob("_native*.so")):
        built_before = VENV / ".core"
        built_before.unlink(missing_ok=True)
    run_once("core", built, [str(VENV / "bin" / "maturin"), "develop", "--release", "-q"])


if __name__ == "__main__":
    main()
