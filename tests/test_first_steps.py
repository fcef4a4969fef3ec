"""How far a new organisation has come, from what is on record of its clients."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from zixly_ui import first_steps


@pytest.mark.parametrize(
    ("ends", "has_figures", "is_beginning"),
    [
        ([], False, True),
        ([(None, None)], False, True),
        ([("2024-03-05", "2024-03-31"), (None, None)], True, True),
        ([("2024-03-05", "2024-04-01")], True, False),
        ([("2024-03-05", "2024-03-05"), ("2023-03-05", "2023-03-05")], True, False),
    ],
)
def test_an_organisation_begins_until_it_has_a_second_month(
    ends: list[tuple[str | None, str | None]], has_figures: bool, is_beginning: bool
) -> None:
    kind = pa.date32()
    sides = [
        pa.array([date.fromisoformat(each[n]) if each[n] else None for each in ends], kind)  # type: ignore[arg-type]
        for n in (0, 1)
    ]
    known = first_steps.progress(
        pa.table({"first_record": sides[0], "last_record": sides[1]}).to_pandas(
            types_mapper=pd.ArrowDtype
        )
    )
    assert (known.clients, known.has_figures, known.is_beginning) == (
        len(ends), has_figures, is_beginning,
    )  # fmt: skip
