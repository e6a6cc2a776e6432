# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed limit files: who may change limits, and how many have to agree (ADR 0080).

A file is JSON: the set as `limits`, and `signatures`, each a person and an Ed25519 signature over
the set's canonical text. To loosen anything, two different persons sign; to tighten, one does.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onetape.errors import ConfigError
from onetape.risk.limit_set import LimitSet, loosens, read_limit_set

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: What is signed begins with this: a signature for anything else is none for limits.
DOMAIN = b"onetape limits\n"
#: Persons that have to sign what loosens a limit, and what only tightens.
SIGNERS_TO_LOOSEN = 2
SIGNERS_TO_TIGHTEN = 1
#: Bytes of a limit file.
FILE_BYTES_MAX = 16 << 20
_KEY_BYTES = 32
_SIGNATURE_BYTES = 64


def read_keys(path: Path) -> dict[str, bytes]:
    """Return the public keys of persons, from a TOML file with a table [people].

    Raises:
        ConfigError: If the file, or a key in it, is not as it must be, or two persons share one.
    """
    try:
        people = tomllib.loads(path.read_text("utf-8")).get("people")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise _key_error(f"{path}: expected a TOML file of keys, found {err}") from err
    if not isinstance(people, dict) or not people:
        raise _key_error(f"{path}: expected a table [people] with a key for each, found none")
    keys: dict[str, bytes] = {}
    for person, text in people.items():
        key = unhex(text)
        if len(key) != _KEY_BYTES:
            raise _key_error(f"{path}: {person}: expected {_KEY_BYTES} bytes as hexadecimal digits")
        if key in keys.values():
            raise _key_error(f"{path}: {person}: expected a key of their own, found another's")
        keys[person] = key
    return keys


def read_file(path: Path) -> tuple[LimitSet, dict[str, bytes]]:
    """Return a file's set and its signatures by person, none of them verified.

    Raises:
        ConfigError: If the file is not such a file.
    """
    plain = read_json(path, "limits")
    signatures = {person: unhex(text) for person, text in plain["signatures"].items()}
    return read_limit_set(plain["limits"], str(path)), signatures


def read_json(path: Path, what: str) -> dict[str, Any]:
    """Return what a signed file says, under its own name, and its `signatures` by person.

    Raises:
        ConfigError: If it is no object with these two; the signatures may be missing.
    """
    try:
        plain = json.loads(_bytes_of(path), object_pairs_hook=_object)
    except (OSError, ValueError) as err:
        raise ConfigError(
            f"{path}: expected a file of {what}, found {err}",
            code="LIM-002",
            hint="docs/guides/live.md shows one",
        ) from err
    if not isinstance(plain, dict) or not {what} <= set(plain) <= {what, "signatures"}:
        raise ConfigError(
            f"{path}: expected an object with {what} and signatures",
            code="LIM-002",
            hint="docs/guides/live.md shows one",
        )
    if not isinstance(plain.setdefault("signatures", {}), dict):
        raise _signature_error(f"{path}: signatures: expected an object by person")
    return plain


def load_limits(
    path: Path,
    keys: dict[str, bytes],
    last: LimitSet | None,
    now_ns: int,
) -> LimitSet:
    """Return a file's set, once it is certain that it may come into force.

    Args:
        path: The file.
        keys: Public keys of those who may sign, by person.
        last: The set in force; None when there is none yet.
        now_ns: The time, in ns since the Unix epoch.

    Raises:
        ConfigError: If the file is malformed, a signature is wrong or by a stranger, too few
            persons have signed, the version is not above the last one, or its time is not now.
    """
    limits, signatures = read_file(path)
    signers = verify(limits, signatures, keys, str(path))
    if last is not None and limits.version <= last.version:
        raise ConfigError(
            f"{path}: expected a version above {last.version}, found {limits.version}",
            code="LIM-005",
            hint="a set that was in force before never comes back: give it a new version",
        )
    is_over = limits.valid_to_ns != 0 and now_ns >= limits.valid_to_ns
    if now_ns < limits.valid_from_ns or is_over:
        raise ConfigError(
            f"{path}: expected a set that is valid now ({now_ns}), found one valid from "
            f"{limits.valid_from_ns} to {limits.valid_to_ns or 'always'}",
            code="LIM-006",
            hint="have a set signed whose time has come",
        )
    needed = SIGNERS_TO_LOOSEN if loosens(last, limits) else SIGNERS_TO_TIGHTEN
    if len(signers) < needed:
        raise ConfigError(
            f"{path}: expected signatures of {needed} persons, found {len(signers)} "
            f"({', '.join(signers) or 'nobody'})",
            code="LIM-004",
            hint="it loosens a limit: have another person run `onetape limits sign`"
            if needed == SIGNERS_TO_LOOSEN
            else "have a person run `onetape limits sign`",
        )
    return limits._replace(signers=signers)


def verify(
    limits: LimitSet, signatures: dict[str, bytes], keys: dict[str, bytes], where: str
) -> tuple[str, ...]:
    """Return the persons who signed a set; every signature has to be right.

    Raises:
        ConfigError: If a signature is wrong, or of somebody without a key.
    """
    return check_signatures(DOMAIN + limits.text(), signatures, keys, where)


def check_signatures(
    message: bytes, signatures: dict[str, bytes], keys: dict[str, bytes], where: str
) -> tuple[str, ...]:
    """Return the persons who signed a message; every signature has to be right.

    Raises:
        ConfigError: If a signature is wrong, or of somebody without a key.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    for person, signature in signatures.items():
        if person not in keys:
            raise _signature_error(f"{where}: expected signers with a key, found {person!r}")
        try:
            public = Ed25519PublicKey.from_public_bytes(keys[person])
            public.verify(signature, message)
        except InvalidSignature as err:
            raise _signature_error(
                f"{where}: expected {person}'s signature of this, found one that is not"
            ) from err
    return tuple(sorted(signatures))


def sign(path: Path, person: str, key: bytes) -> LimitSet:
    """Add a person's signature to a limit file, or to a bare set without any.

    Args:
        path: The file; it is replaced as a whole.
        person: Who signs, as the file of keys names them.
        key: Their private key, 32 bytes.

    Raises:
        ConfigError: If the file or the key is not as it must be.
    """
    limits, signatures = read_file(path)
    signatures[person] = private_key(key).sign(DOMAIN + limits.text())
    plain: dict[str, Any] = {
        "limits": json.loads(limits.text()),
        "signatures": {name: one.hex() for name, one in sorted(signatures.items())},
    }
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", "utf-8")
    beside.replace(path)
    return limits


def make_key() -> tuple[bytes, bytes]:
    """Return a new private key and its public key, 32 bytes each."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - heavy
        Ed25519PrivateKey,
    )

    private = Ed25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def private_key(key: bytes) -> Ed25519PrivateKey:
    """Return a private key of 32 bytes as what signs.

    Raises:
        ConfigError: If it has another length.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - heavy
        Ed25519PrivateKey,
    )

    if len(key) != _KEY_BYTES:
        raise _key_error(f"expected a private key of {_KEY_BYTES} bytes, found {len(key)}")
    return Ed25519PrivateKey.from_private_bytes(key)


def _bytes_of(path: Path) -> bytes:
    text = path.read_bytes()
    if len(text) > FILE_BYTES_MAX:
        raise ValueError(f"{len(text):,} bytes, more than {FILE_BYTES_MAX:,}")
    return text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: readers would not agree on what was signed."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key that stands twice")
    return found


def unhex(text: object) -> bytes:
    """Return the bytes of hexadecimal digits; nothing for what is none."""
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _key_error(says: str) -> ConfigError:
    return ConfigError(says, code="LIM-007", hint="make keys with: onetape limits key PERSON")


def _signature_error(says: str) -> ConfigError:
    return ConfigError(
        says, code="LIM-003", hint="somebody changed the file after it was signed, or lacks a key"
    )
