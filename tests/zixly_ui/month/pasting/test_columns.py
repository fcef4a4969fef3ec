"""Which column of the grid each column of a block fills: by heading, cells or place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from zixly_ui.month.financials_grid import FinancialGrid
from zixly_ui.month.grid import Grid
from zixly_ui.month.leads_grid import LeadGrid
from zixly_ui.month.metrics_grid import MetricGrid
from zixly_ui.month.overheads_grid import OverheadGrid
from zixly_ui.month.pasting.block import read_block
from zixly_ui.month.pasting.columns import (
    CLIENT,
    CLIENT_CODE,
    LEAVE_OUT,
    columns_of,
    has_headings,
    recognise,
)

MARCH = date(2024, 3, 1)
MONTHS = {"month": MARCH, "seen": set(), "last_month": date(2024, 2, 1)}
GRIDS: dict[str, Grid] = {
    "financials": FinancialGrid(**MONTHS),
    "overheads": OverheadGrid(**MONTHS),
    "leads": LeadGrid(**MONTHS),
    "metrics": MetricGrid(
        **MONTHS,
        metrics={
            name: {"kind": "NUMBER", "unit": "hours", "out_of": None, "direction": "UP"}
            for name in ("Billable Hours", "Satisfaction")
        },
    ),
}
OUT = LEAVE_OUT
NAMES = frozenset({"acme", "bondi", "ext-1"})


def layout(grid: Grid, text: str, start: int | None = None) -> tuple[bool, Sequence[str | None]]:
    block, columns = read_block(text), columns_of(grid)
    with_headings = has_headings(block, columns, NAMES)
    found = recognise(block, columns, NAMES, start, with_headings=with_headings)
    return found.has_headings, found.columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (
            "Client\tCurrency\tDate\tRevenue\tExpenses\nAcme\tAUD\t1/3/2024\t5\t7",
            (CLIENT, "currency", "record_date", "revenue", "expenses"),
        ),
        ("Customer\tSales\tCosts\nAcme\t5\t7", (CLIENT, "revenue", "expenses")),
        ("Contact ID\tRevenue (AUD)\tMemo\nEXT-1\t5\tx", (CLIENT_CODE, "revenue", "note")),
        ("Client\tRevenue\tProfit\tGST\nAcme\t5\t7\t1", (CLIENT, "revenue", OUT, OUT)),
        # The exact name of a column wins over its synonyms; without it, it is asked.
        ("Client\tTotal\tRevenue\nAcme\t5\t7", (CLIENT, OUT, "revenue")),
        ("Client\tTotal\tSales\nAcme\t5\t7", (CLIENT, None, None)),
        # Words above figures are headings, whatever they are called.
        ("Kunde\tBestand\nAcme\t5", (CLIENT, None)),
        ("Client\tBestand\nAcme\t5", (CLIENT, None)),
    ],
)
def test_headings_decide(text: str, columns: Sequence[str | None]) -> None:
    assert layout(GRIDS["financials"], text) == (True, columns)


@pytest.mark.parametrize(
    ("text", "start", "columns"),
    [
        # Names, currencies and dates are known by their cells, figures by the chosen cell.
        ("Acme\tAUD\t1/3/2024\t5", None, (CLIENT, "currency", "record_date", None)),
        ("Acme\tAUD\t1/3/2024\t5", 0, (CLIENT, "currency", "record_date", "revenue")),
        ("New Pty\tAUD\t1/3/2024\t5", 0, (CLIENT, "currency", "record_date", "revenue")),
        ("ext-1\t5\t7", None, (CLIENT, None, None)),
        ("5\t7", 3, ("revenue", "expenses")),
        ("5\t7", None, (None, None)),
        # Names on a column of figures: the place says nothing about the others.
        ("Acme\t5\t7", 3, (CLIENT, None, None)),
        # A column that the grid computes takes nothing.
        ("5\t7\t9", 4, ("expenses", None, None)),
        ("5\t\t7", 3, ("revenue", OUT, None)),
        ("5\t7", 8, ("note", None)),
        ("AUD\t5", 3, ("currency", None)),
        ("12x\tAcme", 3, (None, CLIENT)),
    ],
)
def test_without_headings_cells_and_the_chosen_place_decide(
    text: str, start: int | None, columns: Sequence[str | None]
) -> None:
    assert layout(GRIDS["financials"], text, start) == (False, columns)


@pytest.mark.parametrize(
    ("kind", "text", "columns"),
    [
        (
            "metrics",
            "Client\tSatisfaction\tBillable hours (hours)\tOther\nAcme\t4\t5\t6",
            (CLIENT, "m1", "m0", OUT),
        ),
        (
            "overheads",
            "Date\tSupplier\tCategory\tTotal\tCurrency\n1/3/2024\tOffices\tRent\t5\tNZD",
            ("record_date", "counterparty", "account", "expenses", "currency"),
        ),
        (
            "leads",
            "Company\tDeal name\tDeal stage\tAmount\nAcme\tRoof\tWon\t5",
            (CLIENT, "lead_id", "stage", "value"),
        ),
    ],
)
def test_each_grid_has_its_columns(kind: str, text: str, columns: Sequence[str | None]) -> None:
    assert layout(GRIDS[kind], text) == (True, columns)
