"""The preview of a proposal: a sentence, figures and the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

import pandas as pd
import streamlit as st

from zixly_data.imports import Action, Kind, Proposal, previews
from zixly_data.imports.cells.kinds import TABLES
from zixly_ui.components.cards import Card, headline, metric_row
from zixly_ui.components.downloads import download_csv, safe_filename
from zixly_ui.components.formatting import plural
from zixly_ui.components.tables import Column, records_table
from zixly_ui.imports.text import (
    ACTIONS,
    action_names,
    headline_text,
    removed_text,
    unused_currency_text,
)
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain

MOST_ROWS = 500

_LINE, _CLIENT = Column("line", "Line", "count", width=70), Column("client_name", "Client")
_DATE, _NOTE = Column("date", "Date", "date"), Column("note", "Note")
_CURRENCY, _CREDIT = Column("currency", "Currency"), Column("credit", "Credit")
_COUNTERPARTY = Column("counterparty", "Counterparty")
# Fields with a column of their own before the others, or with none.
_SHOWN_FIRST = ("client_name", "external_id")


def _columns(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of the rows of a kind: date and client, then the fields of its table."""
    columns = [_CLIENT] if kind is Kind.CLIENTS else [_DATE, _CLIENT]
    if kind is Kind.OVERHEADS:
        columns = [_DATE]
    if kind is Kind.FINANCIALS:
        # Of amounts of no client.
        columns.append(_COUNTERPARTY)
    for field in TABLES[kind].fields.values():
        if not field.headings or field.name in _SHOWN_FIRST or field.type in ("date", "note"):
            continue
        if field.type == "money":
            columns += [_CURRENCY] * (_CURRENCY not in columns)
            columns.append(Column(field.name, field.label, "money"))
        elif field.type == "measure":
            columns.append(Column(field.name, field.label, "quantity"))
        elif field.type == "currency" and kind is not Kind.CLIENTS:
            # Before the amounts that are in it.
            continue
        else:
            # A column `currency` would give its currency to the amounts beside it.
            name = "currency_code" if field.type == "currency" else field.name
            columns.append(Column(name, field.label))
    return (*columns, _CREDIT, _NOTE)


COLUMNS = {kind: _columns(kind) for kind in Kind}
_SIDES = (Column("column", "Column"), Column("now", "In Zixly"), Column("file", "In the file"))
CHANGES = (Column("what", "Record"), *_SIDES, _LINE)
CHANGES_OF_CLIENTS = (_CLIENT, Column("what", "External ID"), *_SIDES, _LINE)
REMOVED = (
    _DATE, _CLIENT, _COUNTERPARTY,
    Column("external_id", "Document number"), _CURRENCY, Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"), _NOTE,
)  # fmt: skip
CAUSES = (
    Column("cause", "Reason"), Column("column", "Column"), Column("rows", "Rows", "count"),
    Column("line", "First on line", "count"), Column("value", "In the file"),
)  # fmt: skip
REJECTIONS = (
    _LINE, Column("column", "Column"), Column("value", "In the file"), Column("reason", "Reason"),
)  # fmt: skip
SUMS: dict[Kind, tuple[Column, ...]] = {
    Kind.FINANCIALS: (
        Column("effect", "Effect"), _CURRENCY, Column("rows", "Rows", "count"),
        Column("revenue", "Revenue", "money"), Column("expenses", "Expenses", "money"),
        Column("credits", "Credits", "count"),
    ),
    Kind.OVERHEADS: (
        Column("effect", "Effect"), _CURRENCY, Column("rows", "Rows", "count"),
        Column("revenue", "Revenue", "money"), Column("expenses", "Expenses", "money"),
        Column("credits", "Credits", "count"),
    ),
    Kind.LEAD_EVENTS: (
        Column("effect", "Effect"), _CURRENCY, Column("rows", "Rows", "count"),
        Column("value", "Value", "money"),
    ),
}  # fmt: skip
# The actions whose amounts are summed.
_SUMMED = (Action.NEW, Action.CHANGED, Action.UNCHANGED, Action.REMOVED)


def show_proposal(workspace: Workspace, proposal: Proposal) -> None:
    """Show the sentence, the cards, the sums per currency, and the rows."""
    counts = workspace.counts
    headline(headline_text(counts, only_waits=proposal.only_waits))
    names = action_names(only_waits=proposal.only_waits)
    metric_row(
        [Card(names[action], f"{count:,}") for action, count in counts.items()
         if count or action in (Action.NEW, Action.CHANGED)],
        "import-counts",
    )  # fmt: skip
    if proposal.staged.notes:
        st.caption(plain(" ".join(proposal.staged.notes)))
    _show_sums(workspace, proposal)
    unused = workspace.cached_view("unused", previews.unused_currencies)
    if unused:
        st.warning(plain(unused_currency_text(unused)), icon=":material/help:")
    actions = [action for action, count in counts.items() if count]
    labels = [f"{names[action]} ({counts[action]:,})" for action in actions]
    for action, tab in zip(actions, st.tabs(labels), strict=True):
        with tab:
            _show_rows(workspace, proposal, action, counts[action])


def _show_sums(workspace: Workspace, proposal: Proposal) -> None:
    columns = SUMS.get(proposal.kind)
    if columns is None:
        return
    totals = workspace.cached_view("totals", previews.totals)
    summed = totals[totals["action"].isin([str(action) for action in _SUMMED])].reset_index(
        drop=True
    )
    if summed.empty:
        return
    labels = [ACTIONS[Action(action)] for action in summed["action"]]
    records_table(summed.assign(effect=labels), columns, f"import-sums-{workspace.number}")
    credits = int(totals["credits"].sum())
    if credits:
        st.caption(
            f"{plural(credits, 'row has', 'rows have')} a negative amount: a credit, which "
            "reduces the sum."
        )


def _show_rows(workspace: Workspace, proposal: Proposal, action: Action, count: int) -> None:
    key = f"import-rows-{workspace.number}-{action}"
    if action is Action.REJECTED:
        if count > 1 or proposal.only_waits:
            causes = workspace.cached_view("causes", previews.rejection_causes)
            records_table(causes, CAUSES, f"import-causes-{workspace.number}")
        if proposal.only_waits:
            st.caption("Nothing is wrong with the file: answer the questions above.")
            return
        records_table(
            workspace.cached_view(
                "rejections", lambda proposal: previews.rejections(proposal, MOST_ROWS)
            ),
            REJECTIONS,
            key,
        )
        _caption_limit(count)
        download_csv(
            "Download rejected rows",
            lambda: previews.rejected_file(proposal),
            rejected_name(proposal.file_name),
            key=f"import-rejected-{workspace.number}",
        )
        st.caption("The file gives the reason for each row. Correct the rows and import the file.")
        return
    if action is Action.REMOVED:
        lines = workspace.cached_view(
            "removed", lambda proposal: _with_days(previews.removed_lines(proposal, MOST_ROWS))
        )
        records_table(
            lines, [column for column in REMOVED if lines[column.name].notna().any()], key
        )
        st.caption(removed_text(count))
    elif action is Action.CHANGED:
        changes = workspace.cached_view(
            "changes", lambda proposal: previews.changes(proposal, MOST_ROWS)
        )
        is_of_clients = proposal.kind is Kind.CLIENTS
        records_table(changes, CHANGES_OF_CLIENTS if is_of_clients else CHANGES, key)
    else:
        rows = workspace.cached_view(
            action, lambda proposal: _with_dates(previews.rows(proposal, action, MOST_ROWS))
        )
        records_table(rows, _filled_columns(rows, COLUMNS[proposal.kind]), key)
    _caption_limit(count)


def rejected_name(file_name: str) -> str:
    """Return the name for a file of rejected rows: `march-rejected.csv` for march.xlsx."""
    return safe_filename(f"{PurePath(file_name).stem}-rejected.csv")


def _caption_limit(count: int) -> None:
    if count > MOST_ROWS:
        st.caption(f"Showing the first {MOST_ROWS:,} of {count:,} rows.")


def _with_dates(rows: pd.DataFrame) -> pd.DataFrame:
    """Convert the dates, and copy the currency to `currency_code`, the column of clients."""
    return _with_days(rows).assign(currency_code=rows["currency"])


def _with_days(rows: pd.DataFrame) -> pd.DataFrame:
    """Convert the texts of the column `date` to dates."""
    days = [None if pd.isna(day) else date.fromisoformat(day) for day in rows["date"]]
    return rows.assign(date=pd.Series(days, index=rows.index, dtype="object"))


def _filled_columns(rows: pd.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Return the columns with a value in the file, and the line last."""
    filled = [column for column in columns if column is _CLIENT or rows[column.name].notna().any()]
    return [*filled, _LINE]
