"""The rows of a month's grids: each once, in the order of people, whichever page they are on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.figures.month_grids import financial_lines, lead_lines, metric_lines
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)


@pytest.fixture
def team(new_team: NewTeam, monkeypatch: pytest.MonkeyPatch) -> Team:
    for module in (financial_lines, lead_lines, metric_lines):
        monkeypatch.setattr(module, "GRID_ROWS", 2)
    return new_team()


def test_each_record_and_each_client_without_one_is_on_one_page(team: Team) -> None:
    """Names are in the order of people; a completed client has a row for its record only."""
    zoo, accent = books.client(team, "Zoo"), books.client(team, "Ärger", currency="NZD")
    books.client(team, "apple")
    gone = books.client(team, "Gone", status="COMPLETED")
    books.client(team, "Gone and silent", status="COMPLETED")
    for day, revenue in (("2024-03-20", "5"), ("2024-03-02", "7"), ("2024-02-29", "4")):
        books.money(team, zoo, day, revenue)
    books.money(team, gone, "2024-03-31", "3")
    pages = [financial_lines.financial_lines(team.viewer, MARCH, "", n) for n in (0, 1, 2, 9)]
    assert [(page.count, page.number) for page in pages] == [(5, 0), (5, 1), (5, 2), (5, 2)]
    assert [
        (row["client_name"], row["revenue"], row["client_records"], row["is_first"])
        for page in pages[:3]
        for row in rows(page.frame)
    ] == [
        ("apple", None, 0, True),
        ("Ärger", None, 0, True),
        ("Gone", Decimal(3), 1, True),
        ("Zoo", Decimal(7), 2, True),
        ("Zoo", Decimal(5), 2, False),
    ]
    (_, first_of_zoo) = rows(pages[1].frame)
    assert (first_of_zoo["client_profit"], first_of_zoo["last_profit"]) == (12, 4)
    found = financial_lines.financial_lines(team.viewer, MARCH, "ÄR", 0)
    assert list(found.frame["client_kpi_id"]) == [accent]
    assert financial_lines.financial_lines(team.viewer, MARCH, "nobody", 3).count == 0


def test_totals_are_those_of_the_whole_month(team: Team) -> None:
    ours = [books.client(team, f"C {number}") for number in range(3)]
    books.client(team, "Empty", currency="NZD")
    for client in ours:
        books.money(team, client, "2024-03-01", "5", "1")
        books.money(team, client, "2024-02-01", "2")
    books.money(team, ours[0], "2024-04-01", "99")
    assert rows(financial_lines.month_totals(team.viewer, MARCH)) == [
        {"currency": "AUD", "revenue": 15, "expenses": 3, "last_profit": 6},
        {"currency": "NZD", "revenue": 0, "expenses": 0, "last_profit": None},
    ]


def test_lead_events_come_first_then_a_row_for_each_active_client(team: Team) -> None:
    one = books.client(team, "One", client_id="C-1")
    books.client(team, "One", client_id="C-2")
    gone = books.client(team, "Gone", status="COMPLETED")
    books.event(team, one, "L-1", "Contract signed", "2024-03-09", "100")
    books.event(team, gone, "L-2", "Inquiry", "2024-03-05")
    books.event(team, one, "L-3", "Inquiry", "2024-02-05", "7")
    pages = [lead_lines.lead_lines(team.viewer, MARCH, "", number) for number in (0, 1)]
    assert [page.count for page in pages] == [4, 4]
    assert [(r["client_name"], r["lead_id"]) for p in pages for r in rows(p.frame)] == [
        ("Gone", "L-2"), ("One (C-1)", "L-1"), ("One (C-1)", None), ("One (C-2)", None),
    ]  # fmt: skip
    found = lead_lines.lead_lines(team.viewer, MARCH, "c-1", 0).frame
    assert list(found["client_name"]) == ["One (C-1)", "One (C-1)"]
    assert [tuple(row.values()) for row in rows(lead_lines.lead_counts(team.viewer, MARCH))] == [
        ("Contract signed", "AUD", 1, 100, 0),
        ("Inquiry", "AUD", 1, 0, 1),
    ]
    assert len(lead_lines.lead_ids(team.viewer, MARCH)) == 2
    names = lead_lines.lead_clients(team.viewer)["client_name"]
    assert list(names) == ["One (C-1)", "One (C-2)"]


def test_a_page_of_metrics_has_as_many_rows_as_its_cells_allow(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.metric(team, "Hours")
    ours = [books.client(team, name) for name in ("Ada", "Bob", "Cy")]
    for day, value in (("2024-02-03", "1"), ("2024-03-04", "2"), ("2024-03-05", "3")):
        books.measure(team, ours[0], "Hours", day, value)
    books.measure(team, ours[2], "Hours", "2024-03-31", "9")
    page = metric_lines.metric_lines(team.viewer, MARCH, "", 0, 1)
    assert (list(page.lines.frame["client_name"]), page.lines.count) == (["Ada", "Bob"], 3)
    (cell,) = rows(page.cells)
    assert (cell["records"], cell["metric_value"], cell["last_value"]) == (2, 3, 1)
    counts = metric_lines.metric_counts(team.viewer, MARCH)
    assert (counts.clients, counts.filled, counts.last_filled) == (3, 2, 1)
    monkeypatch.setattr(metric_lines, "GRID_CELLS", 10)
    narrow = metric_lines.metric_lines(team.viewer, MARCH, "", 2, 10).lines
    assert (narrow.size, list(narrow.frame["client_name"])) == (1, ["Cy"])
