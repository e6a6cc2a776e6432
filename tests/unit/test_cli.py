# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The border of the command line: what a person sees, and what the exit code says."""

import errno
import json
import logging
import subprocess
import sys

import pytest

from onetape import __version__
from onetape.cli import _log, _render, main, names
from onetape.cli._border import ExitCode, code_of, guarded
from onetape.errors import ConfigError, JournalCorruptError, OnetapeError, StrategyError


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_help_lists_every_command(capsys):
    assert run("--help") == 0
    text = capsys.readouterr().out
    assert all(name in text for name in names())


@pytest.mark.parametrize("name", names())
def test_every_command_has_help(name, capsys):
    assert run(name, "--help") == 0
    assert "Usage: onetape" in capsys.readouterr().out


def test_version(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"onetape {__version__}\n"
    assert run("version", "--json") == 0
    assert json.loads(capsys.readouterr().out)["onetape"] == __version__


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["confg"], "Did you mean 'config'"),
        (["version", "--jsn"], "--json"),
        (["config", "explain", "--set", "run.sed=4"], "did you mean run.seed?"),
        (["config", "explain", "/nonexistent.toml"], "cannot read the configuration"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(arguments, says, capsys):
    assert run(*arguments) == ExitCode.USAGE
    assert says in capsys.readouterr().err


def test_explain(capsys):
    assert run("config", "explain", "--set", "run.seed=77") == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("run.seed "))
    assert line.split()[:4] == ["run.seed", "77", "command", "line"]
    assert run("config", "explain", "--json") == 0
    keys = {key["name"]: key for key in json.loads(capsys.readouterr().out)}
    assert keys["risk.position_max"]["unit"] == "lots"


def test_explain_on_a_terminal_fits_its_width(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    assert run("config", "explain", "--set", "run.seed=77") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("run.seed = 77" in x and "(command line; default 1)" in x for x in lines)
    assert all(len(x) <= 60 for x in lines if x.startswith(" "))


def raising(err: BaseException):
    def work() -> None:
        raise err

    return work


@pytest.mark.parametrize(
    ("err", "code", "says"),
    [
        (ConfigError("it is wrong", code="CFG-9", hint="mend it"), 2, "what to do: mend it"),
        (StrategyError("it raised", code="STR-1"), 3, "error: it raised [STR-1]"),
        (JournalCorruptError("segment 1", code="JRN-1"), 5, "error: segment 1 [JRN-1]"),
        (OnetapeError("other"), 1, "error: other"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), 1, "No space left on device: /x"),
    ],
)
def test_errors_become_a_sentence_and_a_code(err, code, says, capsys):
    assert guarded(raising(err)) == code
    shown = capsys.readouterr().err
    assert says in shown
    assert "Traceback" not in shown


def test_a_bug_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        guarded(raising(ZeroDivisionError()))


def test_a_class_decides_for_its_children():
    assert code_of(JournalCorruptError("x")) == ExitCode.JOURNAL_DAMAGED


def test_a_closed_pipe_is_quiet():
    command = f"'{sys.executable}' -m onetape config explain --json | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) in {(0, b""), (ExitCode.PIPE_CLOSED, b"")}


def test_help_brings_no_heavy_module():
    code = (
        "import sys, onetape.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'pyarrow', 'msgspec', 'databento_dbn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_table_in_a_pipe_is_plain(capsys):
    _render.show_table(["name", "n"], [["a", 1_000], ["[red]", None]], title="T")
    assert capsys.readouterr().out == "T\nname   n\na      1,000\n[red]  –\n"
    _render.show_table(["name"], [])
    assert capsys.readouterr().out == "name\n"


def test_log_lines_are_json_off_a_terminal(capsys):
    _log.set_up(_log.Level.INFO)
    logging.getLogger("onetape.journal").info("segment sealed", extra={"segment": 12})
    logging.getLogger("onetape.journal").debug("unseen")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["segment"], line["logger"]) == (
        "segment sealed",
        12,
        "onetape.journal",
    )


def test_log_lines_are_readable_on_a_terminal():
    record = logging.LogRecord("onetape.run", logging.WARNING, "", 0, "late by %d", (5,), None)
    record.symbol = "AAPL"
    assert _log.Readable().format(record) == "warning run: late by 5 symbol=AAPL"
