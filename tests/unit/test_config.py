# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Configuration: who wins, what is refused, and what a person is told."""

import json
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from onetape.config import Loaded, Secret, from_json, load, meta
from onetape.errors import ConfigError
from onetape.risk import LimitsConfig, RiskConfig
from onetape.sim.config import SECTIONS, RunConfig


class PortConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: Annotated[str, meta("Where.")]
    port: Annotated[int, meta("Which.", ge=1, le=65_535)] = 9
    password: Annotated[Secret | None, meta("Keep it.")] = None


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "run.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def source_of(loaded: Loaded, name: str) -> str:
    return next(key.source for key in loaded.keys() if key.name == name)  # noqa: SIM118


def test_the_command_line_beats_the_environment_beats_the_file(file):
    path = file("[run]\nseed = 1\nmessages = 1\njournal = 'here'\n")
    environment = {"ONETAPE__RUN__SEED": "2", "ONETAPE__RUN__MESSAGES": "2", "ONETAPE_SHARED": "x"}
    loaded = load(path, SECTIONS, overrides=["run.seed=3"], environment=environment)
    run = loaded.section(RunConfig)
    assert (run.seed, run.messages, run.journal, run.date) == (3, 2, "here", "")
    assert source_of(loaded, "run.seed") == "command line"
    assert source_of(loaded, "run.messages") == "ONETAPE__RUN__MESSAGES"
    assert source_of(loaded, "run.journal") == f"{path}:4"
    assert source_of(loaded, "run.date") == "default"


def test_values_from_text_take_the_type_that_is_wanted():
    given = ["run.symbols=AAPL,MSFT", "run.journal=7", "strategy.params.width=4"]
    given += ["strategy.params.name=x y", "risk.position_max=5", "run.date=2019-01-30"]
    loaded = load(None, SECTIONS, overrides=given)
    assert loaded.section(RunConfig).symbols == ["AAPL", "MSFT"]
    assert loaded.section(RunConfig).journal == "7"
    assert loaded.section(RunConfig).date == "2019-01-30"
    assert loaded.sections["strategy"].params == {"width": 4, "name": "x y"}  # type: ignore[attr-defined]
    assert loaded.section(RiskConfig).position_max == 5


def test_limits_of_an_instrument_replace_the_general_ones(file):
    path = file(
        "[risk]\nposition_max = 9\norder_qty_max = 2\n[risk.instruments.AAPL]\nposition_max = 1\n"
    )
    environment = {"ONETAPE__RISK__INSTRUMENTS__AAPL__ORDER_RATE_MAX": "3"}
    risk = load(path, SECTIONS, environment=environment).section(RiskConfig)
    assert risk.limits("MSFT") == LimitsConfig(position_max=9, order_qty_max=2)
    assert risk.limits("AAPL") == LimitsConfig(position_max=1, order_qty_max=2, order_rate_max=3)


@pytest.mark.parametrize(
    ("text", "code", "says", "hint"),
    [
        ("[run]\n\nsed = 4", "CFG-004", ":3: there is no key run.sed", "run.seed"),
        ("[rum]\nseed = 4", "CFG-004", "there is no key rum", "did you mean run?"),
        (
            "[run]\nposition_max = 4",
            "CFG-004",
            "run.position_max",
            "did you mean risk.position_max?",
        ),
        (
            "[risk.instruments.A]\nqty = 4",
            "CFG-004",
            ":2: there is no key risk.instruments.A.qty",
            "order",
        ),
        ("[run]\nseed = -4", "CFG-005", ":2: run.seed: expected integer ≥ 0, found -4", "explain"),
        (
            "[run]\nseed = 1.5",
            "CFG-005",
            ":2: run.seed: expected integer ≥ 0, found 1.5",
            "explain",
        ),
        (
            "[risk.instruments.A]\nposition_max = 'x'",
            "CFG-005",
            ":2: risk.instruments.A.position_max",
            "",
        ),
        (
            "[journal]\nmode = 'fast'",
            "CFG-005",
            'expected "async" or "fsync", found \'fast\'',
            "explain",
        ),
        ("run = 4", "CFG-005", ":1: run is a section, found 4", "[run]"),
        ("[run]\nseed 4", "CFG-002", "is not TOML", "quotes"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_remedy(file, text, code, says, hint):
    with pytest.raises(ConfigError) as caught:
        load(file(text), SECTIONS)
    assert caught.value.code == code
    assert says in caught.value.message
    assert hint in caught.value.hint


def test_a_symbol_may_hold_a_point():
    loaded = load(None, SECTIONS, overrides=['risk.instruments."BRK.A".position_max=4'])
    assert loaded.section(RiskConfig).limits("BRK.A").position_max == 4


@pytest.mark.parametrize(
    ("override", "code", "says"),
    [
        ("run.seed", "CFG-003", "expected section.key=value"),
        ("=4", "CFG-004", "there is no key"),
        ("risk=4", "CFG-003", "is a table"),
        ("risk.instruments.A=4", "CFG-003", "is a table"),
        ("run.sede=4", "CFG-004", "command line: there is no key run.sede"),
        ("run.seed.x=4", "CFG-004", "there is no key run.seed.x"),
        ("run.seed=many", "CFG-005", "found 'many'"),
    ],
)
def test_a_bad_override_is_refused(override, code, says):
    with pytest.raises(ConfigError) as caught:
        load(None, SECTIONS, overrides=[override])
    assert caught.value.code == code
    assert says in caught.value.message


def test_an_unreadable_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="CFG-001"):
        load(tmp_path / "absent.toml", SECTIONS)
    (tmp_path / "latin.toml").write_bytes(b"[run]\njournal = '\xff'")
    with pytest.raises(ConfigError, match="byte 17 is not UTF-8"):
        load(tmp_path / "latin.toml", SECTIONS)


def test_a_missing_value_is_named():
    with pytest.raises(ConfigError, match="host") as caught:
        load(None, {"port": PortConfig})
    assert caught.value.code == "CFG-006"


def test_a_secret_is_never_printed(file):
    loaded = load(file("[port]\nhost = 'a'\npassword = 'hunter2'\n"), {"port": PortConfig})
    port = loaded.section(PortConfig)
    assert port.password is not None
    assert port.password.reveal() == "hunter2"
    everything = [repr(loaded), str(list(loaded.keys())), loaded.canonical_json().decode()]
    assert all("hunter2" not in text and "****" in text for text in everything)


def test_a_secret_of_the_wrong_type_is_not_printed_either(file):
    with pytest.raises(ConfigError, match=r"expected secret, found \*{4}"):
        load(file("[port]\nhost = 'a'\npassword = 12345\n"), {"port": PortConfig})


def test_canonical_json_is_sorted_and_comes_back(file):
    path = file("[risk.instruments.B]\nposition_max = 1\n[risk.instruments.A]\n[run]\nseed = 5\n")
    loaded = load(path, SECTIONS)
    text = loaded.canonical_json()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")).encode()
    again = from_json(text, SECTIONS, "journal")
    assert again.sections == loaded.sections
    assert again.canonical_json() == text
    assert source_of(again, "run.seed") == "journal"


def test_a_journal_of_another_version_is_refused():
    with pytest.raises(ConfigError, match=r"journal: there is no key run\.speed"):
        from_json(b'{"run":{"speed":1}}', SECTIONS, "journal")


def test_every_key_says_what_it_means():
    for key in load(None, SECTIONS).keys():  # noqa: SIM118
        assert key.description.endswith("."), key.name
