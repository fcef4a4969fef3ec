"""One cell that is no amount or no date is a problem of its own row, not of its column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support.imports import did, proposed, reasons
from tests.zixly_data.imports.shapes.test_months_across import opened
from zixly_data.imports import ADD, Kind
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.rows import values

STRAY = """client,date,revenue
Kea,2024-03-01,100.50
Kea,2024-03-02,200.75
Kea,2024-03-03,see 13.02.2024
"""


def test_one_cell_that_is_no_amount_is_rejected_alone(new_team: Callable[[], Team]) -> None:
    proposal = proposed(new_team().editor, Kind.FINANCIALS, STRAY, clients={"Kea": ADD})
    assert did(proposal) == "NNR"
    assert proposal.staged.questions == []
    assert reasons(proposal) == ["“see 13.02.2024” is not an amount. Write it like 1,234.50."]


def test_one_cell_that_is_no_date_is_rejected_alone(new_team: Callable[[], Team]) -> None:
    text = STRAY.replace("2024-03-02", "n/a, 1/2").replace("see 13.02.2024", "5.00")
    proposal = proposed(
        new_team().editor, Kind.FINANCIALS, text.replace("n/a, 1/2", '"n/a, 1/2"'),
        clients={"Kea": ADD},
    )  # fmt: skip
    assert did(proposal) == "NRN"
    assert proposal.staged.questions == []


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["100.50", "see 13.02.2024"], "."),
        (["100.50", "13.02.2024"], "."),
        (["1.234,50", "v1.2, page 3.4"], ","),
        (["1,5", "approx. 3"], ","),
        (["1.50", "n.a."], "."),
        (["A$1.234,50", "10.5 % of 3"], ","),
        (["1,00,000.50", "5"], "."),
        (["1.50", "1,50"], None),  # Both are amounts.
    ],
)
def test_only_what_could_be_an_amount_decides_the_decimal_mark(
    cells: list[str], mark: DecimalMark | None
) -> None:
    assert values.decimal_mark(cells) == mark


def test_serial_numbers_stay_dates_beside_a_stray_text() -> None:
    read = values.dates(["45352", "n/a", "45353", "45354"], "Date", None)
    assert read.values == ["2024-03-01", None, "2024-03-02", "2024-03-03"]
    assert list(read.problems) == [1]


def test_a_bank_s_file_without_headings_may_have_a_stray_line() -> None:
    lines = [f"{day:02}/03/2024,-{day}.00,PARKING {day} BRISBANE" for day in range(1, 21)]
    lines[4] = "pending,-5.00,PARKING 5 BRISBANE"
    table = opened("\n".join(lines))
    assert table.header == ("Date", "Amount", "Description")
    assert table.columns[0][4] == "pending"
    assert len(table) == 20


def test_totals_are_recognised_beside_a_stray_cell() -> None:
    text = "Client,Date,Revenue\n" + "".join(f"Kea,2024-03-{day:02},5.00\n" for day in range(1, 10))
    assert opened(f"{text}Kea,2024-03-10,see 1.2.24\nSumme,,45.00\n").totals == (12,)
