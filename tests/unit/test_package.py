# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The front of the package: what `import onetape` gives, and how little that loads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import onetape


@pytest.mark.parametrize("name", onetape.__all__)
def test_every_public_name_is_there(name):
    assert getattr(onetape, name) is not None
    assert name in dir(onetape)


def test_the_front_is_short():
    assert len(onetape.__all__) <= 24


def test_type_checkers_see_the_same_names():
    text = Path(onetape.__file__).read_text("utf-8")
    found = re.findall(r"(?m)^    from onetape\.(\w+) import \w+ as (\w+)$", text)
    assert {name: owner for owner, name in found} == onetape._OWNERS


def test_a_wrong_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = onetape.nothing  # type: ignore[attr-defined]


def test_the_import_alone_loads_nothing_heavy():
    heavy = "('numpy', 'pyarrow', 'msgspec')"
    code = f"import sys, onetape; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
