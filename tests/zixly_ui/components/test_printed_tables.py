"""Tables for paper: every row in the words of the screen, a sentence where there are too many."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from zixly_data.values.frames import table_of
from zixly_ui.components.printed_tables import as_html

COLUMNS = [
    ("client_name", "Client", "text"),
    ("day", "Date", "date"),
    ("month", "Month", "month"),
    ("profit", "Profit (AUD)", "money"),
    ("margin", "Margin", "percent"),
    ("value", "Value", "figure"),
    ("records", "Records", "count"),
    ("trend", "Trend", "trend"),
]


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    found: pd.DataFrame = pa.Table.from_pylist(list(rows)).to_pandas(types_mapper=pd.ArrowDtype)
    return found


def read(html: str) -> dict[str, Any]:
    """What the browser reads of it, as an HTML parser and a JSON parser see it."""
    found: list[dict[str, Any]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            assert (tag, set(given)) == ("div", {"class", "data-table"})
            found.append(json.loads(given["data-table"] or ""))

    Reader().feed(html)
    (table,) = found
    return table


def test_each_kind_of_value_is_written_as_on_the_screen() -> None:
    row = {
        "client_name": '"><img src=x onerror=alert(1)>', "day": date(2024, 3, 1),
        "month": date(2024, 3, 1), "profit": Decimal("-1234.50"), "margin": Decimal("0.4667"),
        "value": Decimal("12.5000"), "records": 1200, "trend": [1.0, 2.0],
    }  # fmt: skip
    empty = dict.fromkeys(row)
    table = read(as_html(table_of(frame(row, empty)), COLUMNS))
    assert table["heads"] == [
        [label, kind in ("money", "percent", "figure", "count")] for _, label, kind in COLUMNS[:-1]
    ]
    assert table["rows"] == [
        ['"><img src=x onerror=alert(1)>', "1 Mar 2024", "Mar 2024", "−1,234.50", "46.7%", "12.5",
         "1,200"],
        ["–"] * 7,
    ]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 500])
def test_all_rows_are_there(count: int) -> None:
    rows = frame(*({"client_name": f"client {n}"} for n in range(count)))
    rows = rows if count else frame({"client_name": "x"}).head(0)
    table = read(as_html(table_of(rows), COLUMNS[:1]))
    assert table["rows"] == [[f"client {n}"] for n in range(count)]


def test_a_table_of_many_columns_turns_the_paper() -> None:
    names = [f"c{n}" for n in range(10)]
    wide = frame(dict.fromkeys(names, "x"))
    for count, is_turned in ((9, False), (10, True)):
        html = as_html(table_of(wide), [(name, name, "text") for name in names[:count]])
        assert ("A4 landscape" in html and "data-turned" in html) == is_turned
