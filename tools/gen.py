# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Make code and the reference page from `schema/`.

    python tools/gen.py            write what is out of date
    python tools/gen.py --check    write nothing; exit 1 when a made file differs
    python tools/gen.py --publish  freeze the present events into schema/published/

One definition, four readers: `crates/core/src/events.rs`, `python/onetape/events.py`,
`docs/reference/events.md` and the check against what was published before.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from made_files import settle
from made_python import python
from made_rust import rust
from risk_table import load_risk, python_table, risk_page, rust_table
from schema_rules import MADE, ROOT, Schema, SchemaError, load, publish


def markdown(schema: Schema) -> str:
    """Return the reference page."""
    out = [f"<!-- {MADE} -->", "# Events", ""]
    out += [
        f"Schema version {schema.version}. Every entry of the journal has one of these as its "
        "body: fixed-size, little-endian, 8-byte aligned; a tail, where there is one, follows the "
        "fixed part.",
        "",
        "| kind | event | bytes | meaning |",
        "| --- | --- | --- | --- |",
    ]
    for e in schema.events:
        plus = " + tail" if e.tail else ""
        out += [f"| {e.id} | [{e.name}](#{e.name.lower()}) | {e.size}{plus} | {e.doc} |"]
    for e in schema.events:
        out += ["", f"## {e.name}", "", f"Kind {e.id}, version {e.version}. {e.doc}", ""]
        out += ["| byte | field | type | unit | meaning |", "| --- | --- | --- | --- | --- |"]
        out += [f"| {f.offset} | `{f.name}` | {f.type} | {f.unit} | {f.doc} |" for f in e.fields]
        if e.tail:
            out += [f"| {e.size} | tail | bytes | – | {e.tail} |"]
    out += ["", "# Enumerations"]
    for enum in schema.enums:
        out += [
            "",
            f"## {enum['name']}",
            "",
            enum["doc"],
            "",
            "| value | name | meaning |",
            "| --- | --- | --- |",
        ]
        out += [f"| {v['value']} | `{v['name']}` | {v['doc']} |" for v in enum["values"]]
    out += [
        "",
        "# Counters",
        "",
        "| counter | unit | meaning | alert |",
        "| --- | --- | --- | --- |",
    ]
    out += [
        f"| `{c['name']}` | {c['unit']} | {c['doc']} | {c.get('alert', '–')} |"
        for c in schema.counters
    ]
    return "\n".join(out) + "\n"


def made(schema: Schema) -> dict[Path, str]:
    """Return what each made file should hold."""
    risk = load_risk(schema)
    return {
        ROOT / "crates/core/src/events.rs": rust(schema),
        ROOT / "python/onetape/events.py": python(schema),
        ROOT / "docs/reference/events.md": markdown(schema),
        ROOT / "crates/core/src/risk/table.rs": rust_table(risk),
        ROOT / "python/onetape/risk/_table.py": python_table(risk),
        ROOT / "docs/reference/risk.md": risk_page(risk, schema),
    }


def main() -> int:
    """Run the generator."""
    parser = argparse.ArgumentParser(description="Make code and the reference page from schema/.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 on a difference"
    )
    parser.add_argument("--publish", action="store_true", help="freeze the present layouts")
    options = parser.parse_args()
    try:
        schema = load()
    except SchemaError as err:
        print(f"gen.py: {err}", file=sys.stderr)
        return 1
    if options.publish:
        publish(schema)
    return settle(made(schema), ROOT, check=options.check)


if __name__ == "__main__":
    sys.exit(main())
