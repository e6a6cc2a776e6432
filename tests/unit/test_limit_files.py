# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed limit files: what may come into force, and who has to agree."""

import json
import stat

import pytest
from typer.testing import CliRunner

from onetape.cli.limits import app
from onetape.errors import ConfigError
from onetape.events import Limit, LimitProfile, RiskScope
from onetape.risk.limit_file import DOMAIN, load_limits, make_key, read_file, read_keys, sign
from onetape.risk.limit_set import Entry, LimitSet, changes, loosens, read_limit_set

NOW = 1_000
LOSS = Entry(RiskScope.FIRM, "", Limit.LOSS_MAX, 100)
QTY = Entry(RiskScope.STRATEGY, "", Limit.ORDER_QTY_MAX, 10)
OWN = Entry(RiskScope.STRATEGY, "maker", Limit.ORDER_QTY_MAX, 5)


def limit_set(*entries, version=1, valid_to_ns=0, profile=LimitProfile.BASIC):
    return LimitSet(version, 0, valid_to_ns, profile, tuple(sorted(entries)))


@pytest.fixture(scope="module")
def people():
    return {person: make_key() for person in ("ann", "bob", "eve")}


@pytest.fixture
def keys(people):
    return {person: people[person][1] for person in ("ann", "bob")}


@pytest.fixture
def written(tmp_path, people):
    def write(limits, *signers):
        path = tmp_path / f"limits-{limits.version}.json"
        path.write_text(json.dumps({"limits": json.loads(limits.text())}))
        for person in signers:
            sign(path, person, people[person][0])
        return path

    return write


def refused(code, *arguments):
    with pytest.raises(ConfigError) as err:
        load_limits(*arguments)
    assert err.value.code == code, err.value
    return str(err.value)


def test_the_first_set_needs_two_persons(written, keys):
    limits = limit_set(LOSS, QTY)
    assert "found 1 (ann)" in refused("LIM-004", written(limits, "ann"), keys, None, NOW)
    loaded = load_limits(written(limits, "ann", "bob"), keys, None, NOW)
    assert loaded == limits._replace(signers=("ann", "bob"))
    assert 0 < loaded.hash() < 1 << 64


def test_a_raise_needs_a_second_person_and_lowering_does_not(written, keys):
    last = limit_set(LOSS, QTY)
    lower = limit_set(LOSS._replace(value=99), QTY, OWN, version=2)
    assert load_limits(written(lower, "bob"), keys, last, NOW).signers == ("bob",)
    higher = limit_set(LOSS._replace(value=101), QTY, version=3)
    assert "2 persons" in refused("LIM-004", written(higher, "bob"), keys, last, NOW)
    assert load_limits(written(higher, "bob", "ann"), keys, last, NOW).version == 3
    assert "nobody" in refused("LIM-004", written(lower), keys, last, NOW)


def test_signatures_of_strangers_and_of_other_limits_are_refused(written, keys, people):
    limits = limit_set(LOSS)
    assert "'eve'" in refused("LIM-003", written(limits, "ann", "eve"), keys, None, NOW)
    path = written(limits, "ann", "bob")
    plain = json.loads(path.read_text())
    plain["limits"]["limits"][0]["value"] = 1_000
    path.write_text(json.dumps(plain))
    assert "found one that is not" in refused("LIM-003", path, keys, None, NOW)
    plain["limits"]["limits"][0]["value"] = 100
    plain["signatures"]["bob"] = plain["signatures"]["ann"]
    path.write_text(json.dumps(plain))
    assert "bob's signature" in refused("LIM-003", path, keys, None, NOW)
    plain["signatures"] = {"ann": "zz"}
    path.write_text(json.dumps(plain))
    refused("LIM-003", path, keys, None, NOW)


def test_one_person_counts_once_and_a_signature_is_for_limits_alone(written, keys, people):
    path = written(limit_set(LOSS), "ann", "ann")
    refused("LIM-004", path, keys, None, NOW)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(people["bob"][0])
    plain = json.loads(path.read_text())
    plain["signatures"]["bob"] = key.sign(limit_set(LOSS).text()).hex()
    path.write_text(json.dumps(plain))
    assert DOMAIN not in limit_set(LOSS).text()
    refused("LIM-003", path, keys, None, NOW)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": 1}, "LIM-005"),
        ({"version": 2, "valid_to_ns": NOW}, "LIM-006"),
        ({"version": 2, "valid_from_ns": NOW + 1}, "LIM-006"),
    ],
)
def test_old_versions_and_times_are_refused(written, keys, changed, code):
    last = limit_set(LOSS)
    path = written(last._replace(**changed), "ann", "bob")
    refused(code, path, keys, last, NOW)


def test_what_loosens():
    old = limit_set(LOSS, QTY, OWN)
    assert not loosens(old, old)
    assert loosens(None, old)
    assert loosens(old, limit_set(LOSS, QTY)), "its own limit goes, the default is higher"
    assert loosens(old, limit_set(LOSS, OWN)), "a default goes"
    assert loosens(old, limit_set(LOSS, QTY._replace(value=11), OWN))
    assert not loosens(limit_set(LOSS, QTY), old), "an own limit below the default"
    extra = Entry(RiskScope.FIRM, "", Limit.SELF_TRADE_BARRED, 1)
    assert loosens(limit_set(extra), limit_set(extra._replace(value=0)))
    assert not loosens(limit_set(extra._replace(value=0)), limit_set(extra))
    gross = Entry(RiskScope.STRATEGY, "", Limit.NET_EXPOSURE_MAX, 5)
    assert not loosens(limit_set(LOSS), limit_set(LOSS, gross)), "nothing bounded it before"
    assert loosens(limit_set(LOSS), limit_set(LOSS, QTY)), "without it every order was refused"
    flags = Entry(RiskScope.FIRM, "", Limit.FLAGS_REQUIRED, 3)
    assert loosens(limit_set(flags), limit_set(flags._replace(value=5)))
    assert not loosens(limit_set(flags), limit_set(flags._replace(value=7)))
    assert loosens(limit_set(LOSS, valid_to_ns=5), limit_set(LOSS, valid_to_ns=6))
    assert loosens(limit_set(LOSS, valid_to_ns=5), limit_set(LOSS))
    assert loosens(limit_set(LOSS, profile=LimitProfile.FULL), limit_set(LOSS))


def test_changes_are_what_each_scope_feels():
    [change] = changes(limit_set(QTY, OWN), limit_set(QTY))
    assert change == (RiskScope.STRATEGY, "maker", Limit.ORDER_QTY_MAX, 5, 10, True)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda plain: plain.pop("version"),
        lambda plain: plain.update(format="onetape-limits-2"),
        lambda plain: plain.update(version=-1),
        lambda plain: plain.update(version=True),
        lambda plain: plain.update(profile="NONE"),
        lambda plain: plain.update(limits={}),
        lambda plain: plain.update(limits=[*plain["limits"], plain["limits"][0]]),
        lambda plain: plain["limits"].reverse(),
        lambda plain: plain["limits"][0].update(limit="NO_SUCH"),
        lambda plain: plain["limits"][0].update(scope="VENUE"),
        lambda plain: plain["limits"][1].update(name="me"),
        lambda plain: plain["limits"][0].update(value=1.5),
        lambda plain: plain["limits"][0].update(value=1 << 63),
        lambda plain: plain["limits"][0].update(more=1),
    ],
)
def test_a_malformed_set_is_refused(break_it):
    plain = json.loads(limit_set(LOSS, QTY).text())
    assert read_limit_set(plain, "here") == limit_set(LOSS, QTY)
    break_it(plain)
    with pytest.raises(ConfigError, match="here: ") as err:
        read_limit_set(plain, "here")
    assert err.value.code == "LIM-001"


@pytest.mark.parametrize("text", ["", "[]", '{"limits": 1, "limits": 2}', '{"other": 1}'])
def test_what_is_no_limit_file_is_refused(tmp_path, text):
    path = tmp_path / "limits.json"
    path.write_text(text)
    with pytest.raises(ConfigError) as err:
        read_file(path)
    assert err.value.code == "LIM-002"


@pytest.mark.parametrize(
    "text",
    ["", "[people]", '[people]\nann = "12"', "people = 1", '[people]\nann = "{0}"\nb = "{0}"'],
)
def test_a_wrong_file_of_keys_is_refused(tmp_path, text):
    path = tmp_path / "keys.toml"
    path.write_text(text.format("00" * 32))
    with pytest.raises(ConfigError) as err:
        read_keys(path)
    assert err.value.code == "LIM-007"


def test_the_command_makes_keys_signs_compares_and_verifies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    lines = []
    for person in ("ann", "bob"):
        made = run(app, ["key", person, "--out", f"{person}.key"])
        assert made.exit_code == 0
        assert stat.S_IMODE((tmp_path / f"{person}.key").stat().st_mode) == 0o600
        lines.append(made.stdout)
    assert (tmp_path / "ann.key").read_text().strip() not in "".join(lines)
    (tmp_path / "keys.toml").write_text("[people]\n" + "".join(lines))
    for limits in (limit_set(LOSS, QTY), limit_set(LOSS, QTY, OWN, version=2)):
        plain = {"limits": json.loads(limits.text())}
        (tmp_path / f"{limits.version}.json").write_text(json.dumps(plain))
    for file, person in (("1.json", "ann"), ("1.json", "bob"), ("2.json", "bob")):
        signed = run(app, ["sign", file, "--person", person, "--key", f"{person}.key"])
        assert signed.exit_code == 0, signed.output
    first = run(app, ["verify", "1.json", "--keys", "keys.toml"])
    assert "version 1 may come into force: ann, bob" in first.stdout
    second = run(app, ["verify", "2.json", "--keys", "keys.toml", "--last", "1.json", "--json"])
    assert json.loads(second.stdout)["signers"] == ["bob"]
    found = json.loads(run(app, ["diff", "2.json", "1.json", "--json"]).stdout)
    assert found["needs_second_person"] is True
    assert found["changes"][0]["after"] == 10
    shown = json.loads(run(app, ["show", "2.json", "--json"]).stdout)
    assert [one["name"] for one in shown["limits"]] == ["", "maker", ""]
    assert "one person's signature is enough" in run(app, ["diff", "1.json", "2.json"]).stdout
