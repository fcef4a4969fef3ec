"""What pages say about clients, in whole sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.client_totals import Clients, Summary
from zixly_data.records.clients import DELETED_WITH_CLIENT, Client, Deletion
from zixly_data.values.frames import arrow_types, build
from zixly_ui.records.client_tables import industries, with_status_labels
from zixly_ui.records.client_text import (
    DELETED_ROWS,
    client_headline,
    deletion_message,
    list_headline,
    particulars,
)

HARBOR = Client("HBC-2024-001", "Harbor Bridge Construction", "Construction", "AUD", "ACTIVE")


def test_the_client_with_the_highest_profit_is_named() -> None:
    shown = Summary(2, 2, 2, 1, "Harbor", "AUD", Decimal("245000.00"))
    assert list_headline(shown, 2, "AUD") == (
        "2 clients, 2 active. Harbor has the highest profit to date, $245,000.00."
    )


def test_a_filtered_list_says_how_many_it_leaves_out() -> None:
    shown = Summary(1, 1, 1, 1, "Harbor", "AUD", Decimal("10.00"))
    assert list_headline(shown, 8, "AUD").startswith(
        "1 of 8 clients, 1 active. Harbor has made a profit of $"
    )


def test_losses_and_silence_are_said_as_such() -> None:
    loss = Decimal("-1.00")
    assert list_headline(Summary(1, 1, 1, 1, "Harbor", "AUD", loss), 1, "AUD") == (
        "1 client, 1 active. No client has made a profit to date."
    )
    assert list_headline(Summary(2, 2, 2, 2, "Harbor", "AUD", loss), 2, "AUD").endswith(
        "No client paid in AUD has made a profit to date."
    )
    assert list_headline(Summary(1, 1, 0, 0), 1, "AUD") == (
        "1 client, 1 active. No figures are recorded yet."
    )


def test_one_client_is_answered_for_over_a_period() -> None:
    total = _total("45000.00", "21000.00", "0.4667")
    assert client_headline(HARBOR, total, "Q1 2024") == (
        "Profit from Harbor Bridge Construction was $21,000.00 on $45,000.00 revenue in Q1 2024, "
        "a margin of 46.67%."
    )
    assert client_headline(HARBOR, _total("100.00", "-40.00", "-0.4000"), "All time") == (
        "The loss from Harbor Bridge Construction was $40.00 on $100.00 revenue to date."
    )
    assert client_headline(HARBOR, _total("0.00", "0.00", None), "May 2024").endswith(
        "in May 2024."
    )
    assert client_headline(HARBOR, None, "All time") == (
        "Nothing is recorded for Harbor Bridge Construction yet."
    )


def test_the_particulars_leave_out_what_is_not_known() -> None:
    assert particulars(HARBOR) == "HBC-2024-001 · Active · Construction · AUD"
    assert particulars(Client("X-1", "X")) == "X-1 · Active · AUD"


def test_a_deletion_names_everything_that_went() -> None:
    assert deletion_message(Deletion("X", 35, 1, 12)) == (
        "Deleted: X, with 35 financial records, 1 lead event and 12 metric values."
    )
    assert deletion_message(Deletion("X", 0, 0, 0, 2)) == (
        "Deleted: X, with 0 financial records, 0 lead events, 0 metric values and 2 notes."
    )
    assert deletion_message(Deletion("X", 0, 0, 0, finding_dismissals=1)) == (
        "Deleted: X, with 0 financial records, 0 lead events, 0 metric values and 1 dismissed "
        "finding."
    )
    assert deletion_message(Deletion("X", 1, 1, 1, 1, 3, 2)).endswith(
        "1 metric value, 1 note, 3 targets and 2 dismissed findings."
    )
    assert deletion_message(Deletion("X", 0, 0, 0)) == "Deleted: X. Nothing was recorded for it."
    assert tuple(DELETED_ROWS) == DELETED_WITH_CLIENT


def test_industries_are_listed_once_as_people_order_them() -> None:
    frame = _clients(("A", "AUD", None), ("B", "AUD", None), industries=["énergie", "Zoo"])
    assert industries(frame) == ["énergie", "Zoo"]


def test_a_status_is_shown_as_a_word() -> None:
    assert list(with_status_labels(_clients(("A", "AUD", "1.00")))["status"]) == ["Active"]


def _total(revenue: str, profit: str, margin: str | None) -> dict[str, Any]:
    return {
        "revenue": Decimal(revenue),
        "profit": Decimal(profit),
        "margin": None if margin is None else Decimal(margin),
    }


def _clients(
    *rows: tuple[str, str, str | None], industries: list[str] | None = None
) -> pd.DataFrame:
    """Clients as (name, currency, profit to date); no profit means nothing recorded."""
    columns: dict[str, list[Any]] = {name: [] for name in arrow_types(Clients)}
    for number, (name, currency, profit) in enumerate(rows):
        day = None if profit is None else date(2024, 3, 1)
        values = {
            "id": f"ckpi_{number}",
            "client_id": f"X-{number}",
            "client_name": name,
            "industry": industries[number] if industries else None,
            "currency": currency,
            "status": "ACTIVE",
            "revenue": Decimal(profit or 0),
            "expenses": Decimal(0),
            "profit": Decimal(profit or 0),
            "margin": None,
            "first_record": day,
            "last_record": day,
            "version": 1,
        }
        for column, cells in columns.items():
            cells.append(values.get(column))
    return build(columns, Clients)
