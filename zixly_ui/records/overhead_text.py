"""Overheads in words: the sentence of the page, its table, and questions about currencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.tables.overheads import OVERHEADS, OverheadDraft, OverheadKind
from zixly_data.values.dates import short_date
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_data.values.period import Period
from zixly_ui.components.cards import empty_state
from zixly_ui.components.formatting import money, period_phrase, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.shell.navigation import page_path

COLUMNS = (
    Column("record_date", "Date", "date"),
    Column("kind_text", "Type"),
    Column("account", "Account"),
    Column("counterparty", "Counterparty"),
    Column("currency", "Currency"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("note", "Note"),
    Column("source_system", "Source"),
)
SORTS = (
    Sort("Newest first"),
    Sort("Oldest first", "record_date"),
    Sort("Highest expenses first", "expenses", descending=True),
    Sort("Highest revenue first", "revenue", descending=True),
    Sort("By account", "account"),
    Sort("By counterparty", "counterparty"),
)
EMPTY_TITLE = "No overheads yet"
EMPTY_TEXT = (
    "Overheads are revenue and expenses that belong to no client, such as rent, software, wages or "
    "interest. Profit of your clients less overheads is the profit of the business."
)
_WAYS = (
    ("enter_month.py", "Enter a month", ":material/edit_calendar:", {"what": "overheads"}),
    ("import_file.py", "Import a file", ":material/upload_file:", None),
)
UNASSIGNED_TEXT = (
    "Amounts that are not yet assigned are waiting for a decision: mark each as an overhead, or "
    "assign it to a client."
)


def show_empty(period_name: str, *, has_records: bool, may_edit: bool) -> None:
    """Show the empty state: what overheads are, or that none match the filters."""
    if has_records:
        suggestion = ", or add an overhead" if may_edit else ""
        empty_state(
            f"No overheads in {period_name}",
            f"Choose another period or other overheads{suggestion}.",
        )
        return
    empty_state(EMPTY_TITLE, EMPTY_TEXT)
    if may_edit:
        with st.container(horizontal=True, horizontal_alignment="center"):
            for file, label, icon, query in _WAYS:
                st.page_link(page_path(file), label=label, icon=icon, query_params=query)


def headline_text(months: pd.DataFrame, period: Period, reporting_currency: str) -> str:
    """Return `Overheads cost $2,150.00 in Q1 2024. 2 records of $50.00 are not yet assigned.`

    `months` is a frame of `overheads.by_month`. Each currency has its own amounts, the reporting
    currency first.
    """
    order = currencies(months, reporting_currency)
    costs, unassigned = _costs(months), _costs(months, OverheadKind.UNASSIGNED)
    text = f"Overheads cost {_amounts(costs, order)}{period_phrase(period, ' in ')}."
    records = sum(row["records"] for row in rows(months) if row["kind"] == OverheadKind.UNASSIGNED)
    if not records:
        return text
    amounts = _amounts(unassigned, [code for code in order if code in unassigned])
    verb = "is" if records == 1 else "are"
    return f"{text} {plural(records, 'record')} of {amounts} {verb} not yet assigned."


def currencies(months: pd.DataFrame, reporting_currency: str) -> list[str]:
    """Return the currencies of these months, the reporting currency first."""
    return sorted(set(months["currency"]), key=lambda code: (code != reporting_currency, code))


def table(overheads: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of `overheads.page` with the type as text."""
    labels = [OverheadKind(kind).label for kind in overheads["kind"]]
    return overheads.assign(kind_text=pd.Series(labels, overheads.index, dtype="object"))


def texts(overhead: OverheadDraft) -> dict[str, str]:
    """Return an overhead as texts by label, in the order of its form."""
    return {
        "Date": short_date(overhead.record_date),
        "Type": OverheadKind(overhead.kind).label,
        "Account": overhead.account or "",
        "Counterparty": overhead.counterparty or "",
        "Currency": overhead.currency,
        "Revenue": money(overhead.revenue, overhead.currency),
        "Expenses": money(overhead.expenses, overhead.currency),
        "Note": overhead.note or "",
    }


def name(overhead: OverheadDraft) -> str:
    """Return the account and the counterparty: `Rent, Brisbane Offices`."""
    names = ", ".join(filter(None, (overhead.account, overhead.counterparty)))
    return names or OverheadKind(overhead.kind).label


def summary(overhead: OverheadDraft) -> str:
    """Return `Rent, Brisbane Offices, 1 Mar 2024, expenses $900.00`, without amounts of zero."""
    shown = texts(overhead)
    amounts = {"revenue": overhead.revenue, "expenses": overhead.expenses}
    parts = [f"{label} {shown[label.capitalize()]}" for label, amount in amounts.items() if amount]
    return ", ".join([name(overhead), shown["Date"], *(parts or [f"expenses {shown['Expenses']}"])])


def row_summary(row: Mapping[str, Any]) -> str:
    """Return the summary of a row of `overheads.page`."""
    return summary(OverheadDraft(**{name: row[name] for name in OVERHEADS.entered}))


def unused_currency_text(codes: Sequence[str]) -> str:
    """Return the question about currencies that nothing of the organisation uses yet."""
    return (
        f"No client, exchange rate or other overhead is in {listed(list(codes), 'or')}. Check the "
        "currency before you save."
    )


def _costs(months: pd.DataFrame, kind: str | None = None) -> dict[str, Decimal]:
    """Return expenses less revenue by currency, of one kind or of all."""
    costs: dict[str, Decimal] = {}
    for row in rows(months):
        if kind is None or row["kind"] == kind:
            currency = row["currency"]
            costs[currency] = costs.get(currency, Decimal(0)) - row["profit"]
    return costs


def _amounts(costs: dict[str, Decimal], order: Sequence[str]) -> str:
    return listed([money(costs[code], code) for code in order])
