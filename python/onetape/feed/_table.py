# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""CSV read in batches of columns, through Arrow; an error names file, row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from onetape.errors import DecodeError
from onetape.feed._container import Container, Reader

#: Columns by name, all of one length.
Columns = dict[str, NDArray[Any]]
Kind = Literal["int", "float", "text"]
_ARROW: dict[Kind, str] = {"int": "int64", "float": "float64", "text": "string"}
#: A batch with a wrong row is lost as a whole: small, then.
_BATCH_BYTES = 256 << 10
_COLUMN = re.compile(r"In CSV column #(\d+): ")


def batches(
    container: Container,
    reader: Reader,
    types: Mapping[str, Kind],
    names: Sequence[str] | None = None,
) -> Iterator[Columns]:
    """Yield the rows of a CSV file.

    Args:
        container: The file, for errors.
        reader: Its bytes.
        types: Type of each column that is wanted.
        names: Names of all columns, for a file without a header line.

    Yields:
        The wanted columns of some rows; empty values are 0 in them.

    Raises:
        DecodeError: If a row has more or fewer columns, or a value is not of its type.
    """
    import pyarrow as pa  # noqa: PLC0415 - it is large, and for CSV only
    from pyarrow import csv  # noqa: PLC0415 - as above

    try:
        table = csv.open_csv(
            reader,
            read_options=csv.ReadOptions(
                use_threads=False, block_size=_BATCH_BYTES, column_names=names
            ),
            convert_options=csv.ConvertOptions(
                column_types={n: pa.type_for_alias(_ARROW[k]) for n, k in types.items()},
                include_columns=list(types),
                null_values=[""],
            ),
        )
        for batch in table:
            yield {
                name: np.ascontiguousarray(_numbers(batch.column(name), kind))
                for name, kind in types.items()
            }
    except pa.ArrowKeyError as err:
        raise DecodeError(
            f"{container}: a column is missing: {err}",
            code="SRC-005",
            hint=f"the file must have the columns {', '.join(types)}",
        ) from err
    except pa.ArrowInvalid as err:
        raise DecodeError(
            f"{container}: {_with_names(str(err), names)}",
            code="SRC-006",
            hint="look at that row: the file may be cut short or joined from two",
        ) from err


def _numbers(column: Any, kind: Kind) -> NDArray[Any]:  # noqa: ANN401 - Arrow has no types
    if kind != "text" and column.null_count:
        column = column.fill_null(0)
    values: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return values


def _with_names(text: str, names: Sequence[str] | None) -> str:
    """Say a column's name where Arrow gives its number."""
    found = _COLUMN.match(text)
    if names is None or found is None or int(found[1]) >= len(names):
        return text
    return f"column {names[int(found[1])]}: {text[found.end() :]}"
