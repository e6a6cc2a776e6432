# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed overrides: two persons let a few orders of a person pass one soft limit (PT-25, ADR 0080).

A file is JSON: what is let pass as `override`, and `signatures` by person, made with the same keys
as those of limit files. The gate looks at all of it again; what is refused here never reaches it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from onetape import events
from onetape.errors import ConfigError
from onetape.events import Limit
from onetape.risk._table import SOFT
from onetape.risk.limit_file import check_signatures, private_key, read_json, unhex

#: What is signed begins with this: a signature of limits is none of an override.
DOMAIN = b"onetape override\n"
#: Persons that have to sign, and how long an override may stand.
SIGNERS_NEEDED = 2
EXPIRY_NS_MAX = 15 * 60 * 1_000_000_000
#: Orders that one override may let pass.
ORDERS_MAX = 100
_TEXTS = ("limit", "strategy", "symbol", "why")
_NUMBERS = ("ceiling", "orders", "expires_ns")


class Override(NamedTuple):
    """What two persons let pass.

    Attributes:
        limit: The soft limit.
        strategy: Whose orders, by the strategy's name.
        symbol: In which instrument.
        ceiling: The bound instead of the limit's, in its unit; of a sale's price the lowest.
        orders: How many orders.
        expires_ns: Until when, in ns since the Unix epoch.
        why: The reason, for those who read the journal.
    """

    limit: Limit
    strategy: str
    symbol: str
    ceiling: int
    orders: int
    expires_ns: int
    why: str

    def text(self) -> bytes:
        """Return what is signed: one text for one meaning."""
        plain = self._asdict() | {"limit": self.limit.name}
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def read_override(path: Path) -> tuple[Override, dict[str, bytes]]:
    """Return a file's override and its signatures by person, none of them verified.

    Raises:
        ConfigError: If the file is not such a file.
    """
    plain = read_json(path, "override")
    given = plain["override"]
    names = {*_TEXTS, *_NUMBERS}
    if not isinstance(given, dict) or set(given) != names:
        raise _wrong(f"{path}: override: expected {', '.join(sorted(names))}")
    are_texts = all(isinstance(given[name], str) and given[name] for name in _TEXTS)
    are_numbers = all(type(given[name]) is int and given[name] >= 0 for name in _NUMBERS)
    if not are_texts or not are_numbers or given["limit"] not in Limit.__members__:
        raise _wrong(f"{path}: override: expected texts, numbers from 0, and the name of a limit")
    override = Override(**{**given, "limit": Limit[given["limit"]]})
    return override, {person: unhex(text) for person, text in plain["signatures"].items()}


def sign_override(path: Path, person: str, key: bytes) -> Override:
    """Add a person's signature to an override's file, or to a bare override without any.

    Raises:
        ConfigError: If the file or the key is not as it must be.
    """
    override, signatures = read_override(path)
    signatures[person] = private_key(key).sign(DOMAIN + override.text())
    plain: dict[str, Any] = {
        "override": json.loads(override.text()),
        "signatures": {name: one.hex() for name, one in sorted(signatures.items())},
    }
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", "utf-8")
    beside.replace(path)
    return override


def load_override(
    path: Path,
    keys: dict[str, bytes],
    strategy_id: int,
    instrument_id: int,
    now_ns: int,
) -> events.OverrideGranted:
    """Return the event that lets orders pass, once it is certain that it may.

    Args:
        path: The file.
        keys: Public keys of those who may sign, by person.
        strategy_id: The strategy that the file names, as the node numbers it.
        instrument_id: The instrument likewise.
        now_ns: The time, in ns since the Unix epoch.

    Raises:
        ConfigError: If the limit is hard, the time is not now or too long, or a signature is
            missing, wrong, or by a stranger.
    """
    override, signatures = read_override(path)
    if override.limit not in SOFT:
        soft = ", ".join(sorted(limit.name for limit in SOFT))
        raise _wrong(f"{path}: expected a soft limit ({soft}), found {override.limit.name}")
    if not 0 < override.expires_ns - now_ns <= EXPIRY_NS_MAX:
        raise _wrong(
            f"{path}: expires_ns: expected a time within 15 minutes of now ({now_ns}), "
            f"found {override.expires_ns}"
        )
    if not 0 < override.orders <= ORDERS_MAX:
        raise _wrong(f"{path}: orders: expected 1 to {ORDERS_MAX}, found {override.orders}")
    signers = check_signatures(DOMAIN + override.text(), signatures, keys, str(path))
    if len(signers) < SIGNERS_NEEDED:
        raise _wrong(
            f"{path}: expected signatures of {SIGNERS_NEEDED} persons, found {len(signers)} "
            f"({', '.join(signers) or 'nobody'})"
        )
    first, second = (principal(keys[person]) for person in signers[:SIGNERS_NEEDED])
    return events.OverrideGranted(
        ceiling=override.ceiling,
        expires_ts_ns=override.expires_ns,
        strategy_id=strategy_id,
        instrument_id=instrument_id,
        first_principal=first,
        second_principal=second,
        limit=override.limit,
        orders=override.orders,
        reserved=0,
        tail=f"{', '.join(signers)}: {override.why}".encode(),
    )


def principal(public_key: bytes) -> int:
    """Return the number of a person in the journal: the beginning of their key's digest."""
    return int.from_bytes(hashlib.sha256(public_key).digest()[:4], "little") or 1


def _wrong(says: str) -> ConfigError:
    return ConfigError(
        says, code="LIM-011", hint="docs/reference/risk.md says which limits are soft"
    )
