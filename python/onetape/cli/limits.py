# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape limits`: signed sets of risk limits: show, compare, sign, verify."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from onetape.cli._render import JsonOption, show_json, show_table

app = typer.Typer(help="Show, compare, sign and verify limit files.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The limit file.")]
Keys = Annotated[Path, typer.Option(help="TOML file with the public keys, table [people].")]


@app.command()
def show(file: File, json: JsonOption = False) -> None:
    """Print the limits of a file, and who signed it. Signatures are not verified here."""
    from onetape.risk.limit_file import read_file

    limits, signatures = read_file(file)
    rows = [(e.scope.name.lower(), e.name, e.limit.name, e.value) for e in limits.entries]
    if json:
        names = ("scope", "name", "limit", "value")
        show_json(
            {
                "version": limits.version,
                "profile": limits.profile.name,
                "valid_from_ns": limits.valid_from_ns,
                "valid_to_ns": limits.valid_to_ns,
                "sha256": limits.digest().hex(),
                "signatures": sorted(signatures),
                "limits": [dict(zip(names, row, strict=True)) for row in rows],
            }
        )
        return
    print(f"version {limits.version}, profile {limits.profile.name}, {limits.digest().hex()}")
    print(f"signatures of {', '.join(sorted(signatures)) or 'nobody'}, not verified")
    show_table(("scope", "name", "limit", "value"), rows)


@app.command()
def diff(old: File, new: File, json: JsonOption = False) -> None:
    """Print what a file changes against another, and what of it needs a second person."""
    from onetape.risk.limit_file import read_file
    from onetape.risk.limit_set import changes, loosens

    before, after = read_file(old)[0], read_file(new)[0]
    rows = [
        (c.scope.name.lower(), c.name, c.limit.name, c.before, c.after, c.loosens)
        for c in changes(before, after)
    ]
    names = ("scope", "name", "limit", "before", "after", "loosens")
    second = loosens(before, after)
    if json:
        found = [dict(zip(names, row, strict=True)) for row in rows]
        show_json({"needs_second_person": second, "changes": found})
        return
    shown = [tuple("–" if cell is None else cell for cell in row) for row in rows]
    show_table(names, shown)
    print("a second person has to sign" if second else "one person's signature is enough")


@app.command()
def sign(
    file: File,
    *,
    person: Annotated[str, typer.Option(help="Who signs, as the file of keys names them.")],
    key: Annotated[Path, typer.Option(help="File with their private key, hexadecimal.")],
) -> None:
    """Add a person's signature to a limit file."""
    from onetape.risk import limit_file

    limits = limit_file.sign(file, person, _private(key))
    print(f"{file}: version {limits.version} is signed by {person}")


@app.command()
def verify(
    file: File,
    *,
    keys: Keys,
    last: Annotated[
        Path | None, typer.Option(help="The file in force. Without it, this is the first one.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check whether a file may come into force now: signatures, persons, version, time."""
    from onetape.risk.limit_file import load_limits, read_file, read_keys

    before = read_file(last)[0] if last else None
    limits = load_limits(file, read_keys(keys), before, time.time_ns())
    if json:
        signers = list(limits.signers)
        show_json({"version": limits.version, "hash": limits.hash(), "signers": signers})
    else:
        print(f"{file}: version {limits.version} may come into force: {', '.join(limits.signers)}")


@app.command()
def envelope(
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST.toml", help="The manifest.")],
    *,
    limits: Annotated[Path, typer.Option("--limits", help="The set that it is put into.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The next set, to be signed.")],
) -> None:
    """Put a strategy's envelope into the next set of limits, instead of what it had there."""
    from onetape.risk.limit_file import read_file
    from onetape.risk.manifest import read_manifest, with_envelope

    made_of = read_manifest(manifest)
    after = with_envelope(read_file(limits)[0], made_of)
    with out.open("x", encoding="utf-8") as file:
        file.write(f'{{"limits": {after.text().decode()}}}\n')
    print(f"{out}: version {after.version}, {made_of.strategy} is generation "
          f"{made_of.generation():016x}; now to be signed")  # fmt: skip


@app.command("sign-override")
def sign_override(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The override.")],
    *,
    person: Annotated[str, typer.Option(help="Who signs, as the file of keys names them.")],
    key: Annotated[Path, typer.Option(help="File with their private key, hexadecimal.")],
) -> None:
    """Add a person's signature to an override of a soft limit."""
    from onetape.risk import override

    found = override.sign_override(file, person, _private(key))
    print(f"{file}: {found.limit.name} of {found.strategy} in {found.symbol}, signed by {person}")


@app.command("verify-override")
def verify_override(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The override.")], *, keys: Keys
) -> None:
    """Check whether an override may come into force now: soft limit, persons, time, signatures."""
    from onetape.risk.limit_file import read_keys
    from onetape.risk.override import load_override

    event = load_override(file, read_keys(keys), 0, 0, time.time_ns())
    print(f"{file}: may come into force: {event.tail.decode()}")


def _private(key: Path) -> bytes:
    from onetape.errors import ConfigError

    try:
        return bytes.fromhex(key.read_text("utf-8").strip())
    except (OSError, ValueError) as err:
        # The error's own text could hold what stands in the file.
        raise ConfigError(
            f"{key}: expected a private key as hexadecimal digits, found {type(err).__name__}",
            code="LIM-007",
            hint="make keys with: onetape limits key PERSON",
        ) from None


@app.command()
def key(
    person: Annotated[str, typer.Argument(help="Whose key it is.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the private key goes; a new file.")
    ],
) -> None:
    """Make a key: the private half to a file for its owner alone, the public half is printed."""
    from onetape.risk.limit_file import make_key

    private, public = make_key()
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(private.hex() + "\n")
    print(f'{person} = "{public.hex()}"')
