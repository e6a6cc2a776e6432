# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What `gen.py` makes of `schema/risk.toml`: tables of limits, the page of controls."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from made_python import ruff_format
from made_rust import camel, rustfmt
from schema_rules import MADE, ROOT, SCHEMA, SPDX, Schema, SchemaError

TESTS = [
    ROOT / "crates" / "core" / "tests" / folder for folder in ("risk", "breakers", "reconcile")
]
LOOSER = ("higher", "lower", "never")


def load_risk(schema: Schema, folder: Path = SCHEMA) -> dict[str, Any]:
    """Read the controls and limits, and check them against enumerations, reasons and tests."""
    raw = tomllib.loads((folder / "risk.toml").read_text("utf-8"))
    values = {e["name"]: [v["name"] for v in e["values"]] for e in schema.enums}
    if [limit["name"] for limit in raw["limit"]] != values["Limit"]:
        raise SchemaError("risk.toml: its limits are not those of the enumeration Limit, in order")
    reasons = {r["name"] for r in schema.reasons}
    for limit in raw["limit"]:
        known = set(values["RiskScope"])
        if not set(limit["required"]) <= set(limit["scopes"]) <= known:
            raise SchemaError(f"risk.toml: scopes of {limit['name']}")
        if limit["looser"] not in LOOSER:
            raise SchemaError(f"risk.toml: looser of {limit['name']} is not one of {LOOSER}")
    used = {name for control in raw["control"] for name in control["limits"]}
    if unknown := used ^ set(values["Limit"]):
        raise SchemaError(f"risk.toml: limits with no control, or unknown: {sorted(unknown)}")
    for control in raw["control"]:
        if unknown := set(control["reasons"]) - reasons:
            raise SchemaError(f"risk.toml: {control['id']} has no such reason: {sorted(unknown)}")
    return raw


def test_names() -> list[str]:
    """Return the names of the tests of the gate's controls, and of the breakers."""
    paths = [path for folder in TESTS for path in sorted(folder.glob("*.rs"))]
    texts = [path.read_text("utf-8") for path in paths]
    return re.findall(r"#\[test\]\nfn (\w+)", "\n".join(texts))


def rust_table(risk: dict[str, Any]) -> str:
    """Return table.rs: where each limit may and has to stand."""
    out = [f"// {line}" for line in SPDX]
    out += [f"//! Where each limit may stand, and where it has to. {MADE}", ""]
    out += ["use crate::events::{Limit, RiskScope};", ""]
    out += ["/// The scopes at which a limit may stand."]
    out += ["pub(super) const fn scopes(limit: Limit) -> &'static [RiskScope] {"]
    out += ["    use RiskScope::{Account, Firm, Instrument, Product, Strategy, Venue};"]
    out += ["    match limit {"]
    groups: dict[str, list[str]] = {}
    for limit in risk["limit"]:
        scopes = ", ".join(camel(scope) for scope in limit["scopes"])
        groups.setdefault(scopes, []).append(f"Limit::{camel(limit['name'])}")
    out += [f"        {' | '.join(names)} => &[{scopes}]," for scopes, names in groups.items()]
    out += ["    }", "}", ""]
    out += ["/// The limits that a scope has to have under `LimitProfile::Full`."]
    out += ["pub(super) const fn required(scope: RiskScope) -> &'static [Limit] {"]
    out += ["    match scope {"]
    needs: dict[str, list[str]] = {}
    for scope in ("STRATEGY", "INSTRUMENT", "VENUE", "ACCOUNT", "FIRM", "PRODUCT"):
        names = [camel(x["name"]) for x in risk["limit"] if scope in x["required"]]
        needs.setdefault(", ".join(f"Limit::{n}" for n in names), []).append(camel(scope))
    for needed, kinds in needs.items():
        out += [f"        {' | '.join(f'RiskScope::{kind}' for kind in kinds)} => &[{needed}],"]
    out += ["    }", "}", ""]
    out += ["/// Whether a person's order may pass a limit by an override."]
    out += ["pub(super) const fn is_soft(limit: Limit) -> bool {"]
    soft = " | ".join(f"Limit::{camel(x['name'])}" for x in risk["limit"] if x.get("soft"))
    out += [f"    matches!(limit, {soft})", "}", ""]
    return rustfmt("\n".join(out))


def python_table(risk: dict[str, Any]) -> str:
    """Return _table.py: the limits with units, scopes and which way is looser."""
    out = [f"# {line}" for line in SPDX]
    out += ['"""The limits of the risk gate.', "", MADE, '"""', ""]
    out += ["from __future__ import annotations", "", "from typing import NamedTuple", ""]
    out += ["from onetape.events import Limit, RiskScope", "", ""]
    out += ["class LimitFacts(NamedTuple):", '    """What a limit is.', ""]
    out += ["    Attributes:", "        unit: Of its value."]
    out += ["        looser: Which way lets more pass: `higher`, `lower`, or `never`."]
    out += ["        scopes: Where it may stand."]
    out += ["        required: Where it has to stand under the full profile.", '    """', ""]
    out += ["    unit: str", "    looser: str", "    scopes: frozenset[RiskScope]"]
    out += ["    required: frozenset[RiskScope]", "", ""]
    out += ["def _facts(unit: str, looser: str, scopes: str, required: str) -> LimitFacts:"]
    out += ["    of = [frozenset(RiskScope[n] for n in t.split()) for t in (scopes, required)]"]
    out += ["    return LimitFacts(unit, looser, *of)", "", ""]
    out += ["#: Every limit.", "LIMITS: dict[Limit, LimitFacts] = {"]
    for limit in risk["limit"]:
        out += [f"    Limit.{limit['name']}: _facts("]
        facts = [limit["unit"], limit["looser"], " ".join(limit["scopes"])]
        out += [f'        "{fact}",' for fact in [*facts, " ".join(limit["required"])]]
        out += ["    ),"]
    out += [
        "}",
        "",
        "#: Limits that a person's order may pass by an override.",
        "SOFT = frozenset({",
    ]
    out += [f"    Limit.{limit['name']}," for limit in risk["limit"] if limit.get("soft")]
    out += ["})"]
    return ruff_format("\n".join(out) + "\n")


def risk_page(risk: dict[str, Any], schema: Schema) -> str:
    """Return the page of controls and limits."""
    codes = {r["name"]: r["code"] for r in schema.reasons}
    docs = next(e["values"] for e in schema.enums if e["name"] == "Limit")
    names = test_names()
    out = [f"<!-- {MADE} -->", "# Risk controls", ""]
    out += [
        "Every control of the gate, by the number it has in the requirements, with the clause that",
        "asks for it. One gate checks every new and replaced order in backtest, paper and live",
        "alike; cancels pass always. The circuit breakers of a live node (KS) are beside it. The",
        "facts are in our own words and no legal advice.",
        "",
        "| id | control | source | checked | on breach | reasons | limits | default | tests |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for c in risk["control"]:
        reasons = ", ".join(f"{codes[name]} `{name}`" for name in c["reasons"]) or "–"
        limits = ", ".join(f"`{name}`" for name in c["limits"]) or "–"
        tests = ", ".join(f"`{name}`" for name in names if name.startswith(c["tests"])) or "none"
        cells = [c["id"], c["name"], c["source"], c["checks"], c["on_breach"], reasons, limits]
        out += ["| " + " | ".join([*cells, c["default"], tests]) + " |"]
    out += ["", "# Limits", "", "Values are whole numbers. *Looser* is the way that needs a second"]
    out += [
        "person's signature (`onetape limits`); *required* is the full profile, for a live desk."
    ]
    out += ["", "| limit | unit | where | required | looser | meaning |"]
    out += ["| --- | --- | --- | --- | --- | --- |"]
    for limit, doc in zip(risk["limit"], docs, strict=True):
        where, needed = (
            ", ".join(scope.lower() for scope in limit[key]) or "–"
            for key in ("scopes", "required")
        )
        soft = ", soft" if limit.get("soft") else ""
        cells = [f"`{limit['name']}`", limit["unit"], where, needed, limit["looser"] + soft]
        out += ["| " + " | ".join([*cells, doc["doc"]]) + " |"]
    return "\n".join(out) + "\n"
