"""The rules of rows of each kind: one amount in and out, currencies, and values of metrics."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed, reasons, rows_of
from zixly_data.imports import Kind

NewTeam = Callable[[], Team]


def test_one_amount_is_revenue_above_zero_and_expenses_below(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HBR")
    imported(
        team.editor,
        Kind.FINANCIALS,
        "client_id,date,amount,balance\n"
        "HBR,2024-01-01,100.10,\n"
        "HBR,2024-01-02,-40.05,\n"
        "HBR,2024-01-03,($7.00),\n"
        "HBR,2024-01-04,0.00,\n",
    )
    records = {
        row["record_date"]: (row["revenue"], row["expenses"])
        for row in rows_of(team.editor, Kind.FINANCIALS).values()
    }
    assert records == {
        "2024-01-01": (100.10, 0),
        "2024-01-02": (0, 40.05),
        "2024-01-03": (0, 7.00),
        "2024-01-04": (0, 0),
    }


@pytest.mark.parametrize("heading", ["revenue", "expenses", "amount"])
def test_a_row_without_an_amount_is_rejected(new_team: NewTeam, heading: str) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HBR")
    file = f"client_id,date,{heading},balance\nHBR,2024-01-01,1,\nHBR,2024-01-02,,\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, file)
    assert did(proposal) == "NR"
    assert reasons(proposal) == ["The row has no amount."]


def test_an_amount_in_another_currency_than_the_client_s_is_rejected(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HBR")
    file = (
        "client_id,date,revenue,currency\n"
        "HBR,2024-01-01,1,aud\nHBR,2024-01-02,2,NZD\nHBR,2024-01-03,USD 3,\n"
    )
    proposal = proposed(team.editor, Kind.FINANCIALS, file)
    assert did(proposal) == "NRR"
    assert [reason.rpartition(" ")[2] for reason in reasons(proposal)] == ["NZD.", "USD."]


def test_values_of_metrics_keep_to_unit_and_type(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HBR")
    books.metric(team, "Rating", unit="points", kind="RATING", out_of="5")
    books.metric(team, "Share", unit="%", kind="PERCENT")
    head = "client_id,metric_name,metric_value,unit,record_date,note\n"
    lines = (
        "HBR,rating,4.5,Points,2024-01-01,\n",
        "HBR,Rating,4.5,hours,2024-01-02,\n",
        "HBR,Rating,5.1,,2024-01-03,\n",
        "HBR,Rating,,,2024-01-04,\n",
        "HBR,Share,120,,2024-01-05,\n",
        "HBR,Share,120,,2024-01-06,Twice the plan\n",
        "HBR,Speed,1,,2024-01-07,\n",
    )
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, head + "".join(lines))
    assert did(proposal) == "NRRRRNR"
    said = reasons(proposal)
    assert said[0] == "“Rating” is measured in points."
    assert said[2] == "The row has no value."
    assert said[3].startswith("This is more than 100%.")
    assert said[4] == "This metric is not defined. Define it first."
