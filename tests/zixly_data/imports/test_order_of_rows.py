"""Rows are written by client and day; the order of the file still decides what counts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import proposed
from zixly_data.figures.delivery import metric_history
from zixly_data.imports import Action, Kind, confirm, confirming
from zixly_data.records import financials


@pytest.mark.parametrize("at_once", [1, 20_000])
def test_of_two_values_of_a_day_the_lower_row_counts(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(confirming, "ROWS_AT_ONCE", at_once)
    team = new_team()
    books.metric(team, "Satisfaction")
    for client_id in ("Z-1", "A-1"):
        books.client(team, client_id, client_id=client_id)
    lines = [
        "client_id,metric_name,metric_value,record_date",
        "Z-1,Satisfaction,9,2024-03-02",
        "A-1,Satisfaction,4,2024-03-01",
        "Z-1,Satisfaction,7,2024-03-01",
        "A-1,Satisfaction,3,2024-03-01",
        "Z-1,Satisfaction,1,2024-03-02",
    ]
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, "\n".join([*lines, ""]), same_day="ADD")
    assert len(proposal.rows(Action.NEW)) == 5
    confirm(team.editor, proposal)
    latest = metric_history.latest(team.viewer)
    assert dict(zip(latest["client_id"], latest["metric_value"], strict=True)) == {
        "A-1": Decimal(3),
        "Z-1": Decimal(1),
    }


def test_each_row_keeps_its_own_amount(new_team: Callable[[], Team]) -> None:
    team = new_team()
    for client_id in ("Z-1", "A-1"):
        books.client(team, client_id, client_id=client_id)
    rows = [
        (f"{'ZA'[n % 2]}-1", f"2024-01-{28 - n % 28:02}", f"{n}.0{n % 10}") for n in range(1, 200)
    ]
    text = "\n".join(["client_id,date,revenue", *map(",".join, rows), ""])
    confirm(team.editor, proposed(team.editor, Kind.FINANCIALS, text, same_day="ADD"))
    records = financials.list_records(team.viewer, books.ALWAYS)
    written = zip(records["client_id"], records["record_date"], records["revenue"], strict=True)
    assert sorted((client, str(day), str(amount)) for client, day, amount in written) == sorted(
        rows
    )
