# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The generator: what it refuses, and that the made records agree with their layout."""

import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

import made_files
import reference
import schema_rules
from onetape import events
from schema_rules import SchemaError, load

ENUM = """
[[enum]]
name = "Side"
doc = "A side."
values = [{ name = "BUY", value = 1, doc = "Buys." }]
"""
REASONS = '[[reason]]\nname = "BAD"\ncode = 1\ntext = "it is bad"\n'
COUNTERS = '[[counter]]\nname = "n"\nid = 1\nunit = "n"\ndoc = "Count."\n'
ID = '{ name = "order_id", type = "u64", doc = "Its id." }'


def event(*fields: str, name: str = "Taken", number: int = 1, version: int = 1) -> str:
    rows = ", ".join(fields or [ID])
    head = (
        f'[[event]]\nname = "{name}"\nid = {number}\nversion = {version}\ndoc = "It was taken."\n'
    )
    return f"{head}fields = [{rows}]\n"


@pytest.fixture
def folder(tmp_path: Path):
    def write(*parts: str, reasons: str = REASONS, counters: str = COUNTERS) -> Path:
        (tmp_path / "events.toml").write_text(
            "schema_version = 1\n" + ENUM + "".join(parts), "utf-8"
        )
        (tmp_path / "reasons.toml").write_text(reasons, "utf-8")
        (tmp_path / "counters.toml").write_text(counters, "utf-8")
        return tmp_path

    return write


def field(name: str = "n", kind: str = "u64", more: str = ', unit = "lots", doc = "N."') -> str:
    return f'{{ name = "{name}", type = "{kind}"{more} }}'


def test_a_good_schema_is_laid_out(folder):
    schema = load(folder(event(ID, field("a", "u32"), field("b", "u16"), field("c", "ascii2"))))
    assert [(f.name, f.offset, f.size) for f in schema.events[0].fields] == [
        ("order_id", 0, 8), ("a", 8, 4), ("b", 12, 2), ("c", 14, 2),
    ]  # fmt: skip
    assert schema.events[0].size == 16


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([event(), event(name="Other")], "event id (1, 1) is used twice"),
        ([event(), event(number=2)], "event name Taken is used twice"),
        (
            [event(field("a", "u32"), field("b", "u64"))],
            "field b: at byte 4, not on its alignment of 8",
        ),
        ([event(field("a", "u32"))], "4 bytes, not a multiple of 8"),
        ([event(field(more=', unit = "lots"'))], "field n: has no doc"),
        ([event(field(more=', unit = "lots", doc = ""'))], "field n: has no doc"),
        ([event(field(more=', doc = "N."'))], "field n: a number needs a unit"),
        ([event(field(more=', enum = "Shape", doc = "N."'))], "there is no enum Shape"),
        ([event(field(kind="u128"))], "there is no type u128"),
        ([event(field(kind="ascii0"))], "there is no type ascii0"),
    ],
)
def test_a_bad_event_is_refused(folder, parts, says):
    with pytest.raises(SchemaError) as caught:
        load(folder(*parts))
    assert says in str(caught.value)


def test_numbers_used_twice_are_refused(folder):
    with pytest.raises(SchemaError, match="reason code 1 is used twice"):
        load(folder(event(), reasons=REASONS + REASONS.replace("BAD", "WORSE")))
    with pytest.raises(SchemaError, match="counter id 1 is used twice"):
        load(folder(event(), counters=COUNTERS * 2))
    twice = ENUM.replace("Side", "Shape").replace("}]", '}, { name = "B", value = 1, doc = "B." }]')
    with pytest.raises(SchemaError, match="value of Shape 1 is used twice"):
        load(folder(twice, event()))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (event(name="Other", number=2), "Taken (id 1, version 1) of events-1.toml is gone"),
        (event(field("order_ref")), "has changed"),
        (event(ID, field()), "has changed"),
        (event(name="Renamed"), "has changed"),
    ],
)
def test_a_published_event_never_changes(folder, changed, says, monkeypatch):
    path = folder(event())
    monkeypatch.setattr(schema_rules, "SCHEMA", path)
    schema_rules.publish(load(path))
    load(path)
    with pytest.raises(SchemaError) as caught:
        load(folder(changed))
    assert says in str(caught.value)
    grown = load(folder(event(), event(ID, field(), version=2, name="Taken2")))
    assert len(grown.events) == 2


@pytest.mark.parametrize("kind", sorted(events.EVENTS))
def test_class_struct_dtype_and_schema_agree(kind):
    made = events.EVENTS[kind]
    wanted = next(e for e in load().events if e.id == kind)
    assert (wanted.id, wanted.version, wanted.size) == (made.KIND, made.VERSION, made.SIZE)
    assert made.STRUCT.size == made.DTYPE.itemsize == wanted.size
    assert made.DTYPE.fields is not None
    places = {name: spec[1] for name, spec in made.DTYPE.fields.items()}
    assert places == {f.name: f.offset for f in wanted.fields}
    body = bytes(range(1, wanted.size + 1)) + (b"tail" if wanted.tail else b"")
    event = made.unpack(body)
    assert event.pack() == body
    row = np.frombuffer(body[: wanted.size], made.DTYPE)[0]
    for one in wanted.fields:
        assert row[one.name] == getattr(event, one.name)
    with pytest.raises(struct.error):
        made.unpack(body[: wanted.size - 1])


def test_check_writes_nothing_and_fails_on_a_difference(tmp_path, capsys):
    page = tmp_path / "page.md"
    assert made_files.settle({page: "new"}, tmp_path, check=True) == 1
    assert not page.exists()
    assert "page.md is out of date; run `make gen`" in capsys.readouterr().err
    assert made_files.settle({page: "new"}, tmp_path, check=False) == 0
    assert made_files.settle({page: "new"}, tmp_path, check=True) == 0


def test_made_records_are_up_to_date():
    if shutil.which("rustfmt") is None:
        pytest.skip("rustfmt is not installed")
    import gen

    for path, text in gen.made(load()).items():
        assert path.read_text("utf-8") == text, f"{path.name} differs: run `make gen`"


def test_errors_are_found_in_both_languages(tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    python = tmp_path / "a.py"
    python.write_text(
        'raise errors.WireError(f"at {n}: bad", code="WIR-001", hint="look") from err\n'
    )
    assert list(reference.in_python(python)) == [
        reference.Raised("WIR-001", "WireError", "at …: bad", "look", "a.py")
    ]
    rust = tmp_path / "a.rs"
    rust.write_text('raise(py, "WireError", "WIR-001", &format!("at {n}, bad"), "look (twice)")')
    assert list(reference.in_rust(rust)) == [
        reference.Raised("WIR-001", "WireError", "at …, bad", "look (twice)", "a.rs")
    ]
