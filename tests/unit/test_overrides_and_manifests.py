# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed overrides (PT-25) and manifests with their envelopes (PT-26)."""

import json

import pytest
from typer.testing import CliRunner

from onetape.cli.limits import app
from onetape.errors import ConfigError
from onetape.events import Limit, LimitProfile, RiskScope
from onetape.risk.limit_file import make_key, read_file
from onetape.risk.limit_set import Entry, LimitSet
from onetape.risk.manifest import REQUIRED, read_manifest, with_envelope
from onetape.risk.override import EXPIRY_NS_MAX, load_override, principal, sign_override

NOW = 1_000
PLAIN = {
    "limit": "PRICE_COLLAR_TICKS",
    "strategy": "maker",
    "symbol": "ABC",
    "ceiling": 12_000,
    "orders": 2,
    "expires_ns": NOW + EXPIRY_NS_MAX,
    "why": "a client's block",
}


@pytest.fixture(scope="module")
def people():
    return {person: make_key() for person in ("ann", "bob", "eve")}


@pytest.fixture
def keys(people):
    return {person: people[person][1] for person in ("ann", "bob")}


@pytest.fixture
def written(tmp_path, people):
    def write(*signers, **changed):
        path = tmp_path / "override.json"
        path.write_text(json.dumps({"override": PLAIN | changed}))
        for person in signers:
            sign_override(path, person, people[person][0])
        return path

    return write


def test_two_persons_let_a_few_orders_pass_a_soft_limit(written, keys):
    event = load_override(written("bob", "ann"), keys, 3, 4, NOW)
    assert (event.limit, event.orders, event.ceiling) == (Limit.PRICE_COLLAR_TICKS, 2, 12_000)
    assert (event.strategy_id, event.instrument_id) == (3, 4)
    assert event.first_principal == principal(keys["ann"]) != event.second_principal
    assert event.tail == b"ann, bob: a client's block"


@pytest.mark.parametrize(
    ("signers", "changed", "says"),
    [
        (("ann",), {}, "found 1 (ann)"),
        ((), {}, "nobody"),
        (("ann", "bob"), {"limit": "POSITION_MAX"}, "expected a soft limit"),
        (("ann", "bob"), {"limit": "LOSS_MAX"}, "expected a soft limit"),
        (("ann", "bob"), {"expires_ns": NOW + EXPIRY_NS_MAX + 1}, "within 15 minutes"),
        (("ann", "bob"), {"expires_ns": NOW}, "within 15 minutes"),
        (("ann", "bob"), {"orders": 0}, "expected 1 to 100"),
        (("ann", "bob"), {"orders": 101}, "expected 1 to 100"),
        (("ann", "eve"), {}, "expected signers with a key"),
    ],
)
def test_what_may_not_be_overridden_is_refused(written, keys, signers, changed, says):
    with pytest.raises(ConfigError, match="LIM-0") as err:
        load_override(written(*signers, **changed), keys, 1, 1, NOW)
    assert says in str(err.value)


def test_what_was_changed_after_it_was_signed_is_refused(written, keys):
    path = written("ann", "bob")
    path.write_text(path.read_text().replace("12000", "13000"))
    with pytest.raises(ConfigError, match="signature"):
        load_override(path, keys, 1, 1, NOW)


def test_a_file_without_all_of_an_override_is_refused(written, keys):
    for changed in ({"why": ""}, {"orders": True}, {"limit": "NONE"}, {"more": 1}):
        with pytest.raises(ConfigError, match="override: expected"):
            load_override(written(**changed), keys, 1, 1, NOW)


MANIFEST = """
strategy = "maker"
code_sha256 = "11"
config_sha256 = "22"
owner = "ann"
[envelope]
""" + "\n".join(f"{limit.name.lower()} = {at}" for at, limit in enumerate(REQUIRED, 1))


def manifest(tmp_path, text=MANIFEST):
    path = tmp_path / "manifest.toml"
    path.write_text(text)
    return path


def test_an_envelope_replaces_what_its_strategy_had_in_the_next_set(tmp_path):
    found = read_manifest(manifest(tmp_path))
    of_maker = Entry(RiskScope.STRATEGY, "maker", Limit.DUPLICATES_MAX, 5)
    of_all = Entry(RiskScope.STRATEGY, "", Limit.LOSS_MAX, 9)
    before = LimitSet(4, 0, 0, LimitProfile.FULL, (of_all, of_maker), ("ann",))
    after = with_envelope(before, found)
    assert (after.version, after.signers) == (5, ())
    assert of_all in after.entries
    assert of_maker not in after.entries
    assert {e.limit for e in after.entries if e.name == "maker"} == set(REQUIRED)


def test_another_code_or_envelope_is_another_generation(tmp_path):
    first = read_manifest(manifest(tmp_path)).generation()
    assert first == read_manifest(manifest(tmp_path)).generation()
    for old, new in (('"11"', '"12"'), ("venues_max = 2", "venues_max = 3")):
        assert first != read_manifest(manifest(tmp_path, MANIFEST.replace(old, new))).generation()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("venues_max = 2", "", "expected venues_max"),
        ("venues_max = 2", "venues_max = -2", "whole number"),
        ("venues_max = 2", "venues_max = 2\nprice_collar_ticks = 1", "limit of a strategy"),
        ('owner = "ann"', "", "owner"),
        ('owner = "ann"', 'owner = "ann"\nmore = "x"', "found more"),
        ("[envelope]", "[other]", "expected a table"),
        ("[envelope]", "[envelope", "expected a TOML file"),
    ],
)
def test_a_manifest_that_says_too_little_or_too_much_is_refused(tmp_path, old, new, says):
    with pytest.raises(ConfigError, match="LIM-010") as err:
        read_manifest(manifest(tmp_path, MANIFEST.replace(old, new)))
    assert says in str(err.value)


def test_the_command_makes_the_next_set_and_overwrites_none(tmp_path, written, people):
    limits, out = tmp_path / "limits.json", tmp_path / "next.json"
    first = LimitSet(1, 0, 0, LimitProfile.BASIC, (), ())
    limits.write_text(f'{{"limits": {first.text().decode()}}}')
    arguments = ["envelope", str(manifest(tmp_path)), "--limits", str(limits), "-o", str(out)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert read_file(out)[0].version == 2
    assert CliRunner().invoke(app, arguments).exit_code != 0
    key = tmp_path / "ann.key"
    key.write_text(people["ann"][0].hex())
    path = written()
    signed = CliRunner().invoke(
        app, ["sign-override", str(path), "--person", "ann", "--key", str(key)]
    )
    assert signed.exit_code == 0, signed.output
    assert "ann" in json.loads(path.read_text())["signatures"]
