"""The proposal: what the file would do, in a sentence, in figures and row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

import pandas as pd
import streamlit as st

from zixly_data.exports.csv_file import CSV_MIME
from zixly_data.imports import Action, Kind, Proposal, previews
from zixly_ui.components.cards import Card, headline, metric_row
from zixly_ui.components.formatting import plural
from zixly_ui.components.tables import Column, records_table, safe_filename
from zixly_ui.imports.text import ACTIONS, headline_text
from zixly_ui.imports.workspace import Desk

MOST_ROWS = 1_000

_LINE, _CLIENT = Column("line", "Line", "count", width=70), Column("client_name", "Client")
_DATE, _NOTE = Column("date", "Date", "date"), Column("note", "Note")
_CURRENCY, _CREDIT = Column("currency", "Currency"), Column("credit", "Credit")
COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.FINANCIALS: (
        _DATE, _CLIENT, _CURRENCY, Column("revenue", "Revenue", "money"),
        Column("expenses", "Expenses", "money"), _CREDIT, _NOTE,
    ),
    Kind.LEAD_EVENTS: (
        _DATE, _CLIENT, Column("lead_id", "Lead"), Column("stage", "Stage"), _CURRENCY,
        Column("value", "Value", "money"), _NOTE,
    ),
    Kind.CUSTOM_METRICS: (
        _DATE, _CLIENT, Column("metric_name", "Metric"),
        Column("metric_value", "Value", "quantity"), Column("unit", "Unit"), _NOTE,
    ),
    Kind.CLIENTS: (
        _CLIENT, Column("client_id", "External ID"), Column("industry", "Industry"),
        Column("currency_code", "Currency"), Column("status", "Status"),
    ),
}  # fmt: skip
_SIDES = (Column("column", "Column"), Column("now", "In Zixly"), Column("file", "In the file"))
CHANGES = (Column("what", "Record"), *_SIDES, _LINE)
CHANGES_OF_CLIENTS = (_CLIENT, Column("what", "External ID"), *_SIDES, _LINE)
REJECTIONS = (
    _LINE, Column("column", "Column"), Column("value", "In the file"), Column("reason", "Reason"),
)  # fmt: skip
SUMS: dict[Kind, tuple[Column, ...]] = {
    Kind.FINANCIALS: (
        Column("words", "What"), _CURRENCY, Column("rows", "Rows", "count"),
        Column("revenue", "Revenue", "money"), Column("expenses", "Expenses", "money"),
        Column("credits", "Credits", "count"),
    ),
    Kind.LEAD_EVENTS: (
        Column("words", "What"), _CURRENCY, Column("rows", "Rows", "count"),
        Column("value", "Value", "money"),
    ),
}  # fmt: skip
# Of these, sums mean something.
_SUMMED = (Action.NEW, Action.CHANGED, Action.UNCHANGED)


def show_proposal(desk: Desk, proposal: Proposal) -> None:
    """The sentence, the cards, the sums per currency, and the rows."""
    counts = desk.counts
    headline(headline_text(counts))
    metric_row(
        [Card(ACTIONS[action], f"{count:,}") for action, count in counts.items()
         if count or action in (Action.NEW, Action.CHANGED)],
        "import-counts",
    )  # fmt: skip
    _sums(desk, proposal)
    there = [action for action, count in counts.items() if count]
    labels = [f"{ACTIONS[action]} ({counts[action]:,})" for action in there]
    for action, tab in zip(there, st.tabs(labels), strict=True):
        with tab:
            _rows(desk, proposal, action, counts[action])


def _sums(desk: Desk, proposal: Proposal) -> None:
    columns = SUMS.get(proposal.kind)
    if columns is None:
        return
    totals = desk.view("totals", previews.totals)
    summed = totals[totals["action"].isin([str(each) for each in _SUMMED])].reset_index(drop=True)
    if summed.empty:
        return
    words = [ACTIONS[Action(each)] for each in summed["action"]]
    records_table(summed.assign(words=words), columns, f"import-sums-{desk.number}")
    credits = int(totals["credits"].sum())
    if credits:
        st.caption(
            f"{plural(credits, 'row has', 'rows have')} a negative amount: a credit, which "
            "lessens the sum."
        )


def _rows(desk: Desk, proposal: Proposal, action: Action, count: int) -> None:
    key = f"import-rows-{desk.number}-{action}"
    if action is Action.REJECTED:
        records_table(
            desk.view("rejections", lambda each: previews.rejections(each, MOST_ROWS)),
            REJECTIONS,
            key,
        )
        _note_of_more(count)
        st.download_button(
            "Download what cannot be imported",
            lambda: previews.rejected_file(proposal),
            file_name=rejected_name(proposal.file_name),
            mime=CSV_MIME,
            key=f"import-rejected-{desk.number}",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption("The file says with each row what is wrong. Mend it there and import it again.")
        return
    if action is Action.CHANGED:
        changes = desk.view("changes", lambda each: previews.changes(each, MOST_ROWS))
        of_clients = proposal.kind is Kind.CLIENTS
        records_table(changes, CHANGES_OF_CLIENTS if of_clients else CHANGES, key)
    else:
        rows = desk.view(action, lambda each: _shown(previews.rows(each, action, MOST_ROWS)))
        records_table(rows, _with_something(rows, COLUMNS[proposal.kind]), key)
    _note_of_more(count)


def rejected_name(file_name: str) -> str:
    """`march-rejected.csv` for the rows of march.xlsx that cannot be imported."""
    return safe_filename(f"{PurePath(file_name).stem}-rejected.csv")


def _note_of_more(count: int) -> None:
    if count > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS:,} of {count:,} rows.")


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """With dates as dates, and the currency of clients, which is no heading of an amount."""
    days = [None if pd.isna(day) else date.fromisoformat(day) for day in rows["date"]]
    dates = pd.Series(days, index=rows.index, dtype="object")
    return rows.assign(date=dates, currency_code=rows["currency"])


def _with_something(rows: pd.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Without the columns of which the file says nothing; where a row stands comes last."""
    kept = [each for each in columns if each is _CLIENT or rows[each.name].notna().any()]
    return [*kept, _LINE]
