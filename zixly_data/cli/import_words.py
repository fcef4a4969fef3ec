"""A proposal as text: counts and sums, what changes, what is wrong, what has to be answered."""

from __future__ import annotations

import pandas as pd

from zixly_data.cli import tables, terminal
from zixly_data.imports import Action, Proposal
from zixly_data.imports.previews import changes, rejections, totals

# So many rows of the file are shown with what changes in them, and with what is wrong.
_SHOWN = 50
_OPTIONS = {"date_order": "--dates dmy or --dates mdy", "decimal_mark": "--decimal-mark . or ,"}


def show(proposal: Proposal) -> None:
    """Prints it as results."""
    table = proposal.table
    where = f", sheet {table.sheet}" if table.sheet else ""
    rows = "1 row" if len(table) == 1 else f"{len(table):,} rows"
    _line(f"{proposal.file_name}{where}: {rows} of {proposal.kind.label}")
    for note in table.notes:
        _line(note)
    _table("", totals(proposal))
    counts = proposal.counts
    some = changes(proposal, _SHOWN)
    _table(f"Changes{_of(counts[Action.CHANGED])}", some)
    _table(f"Rejected{_of(counts[Action.REJECTED])}", rejections(proposal, _SHOWN))
    unknown = [
        each for each in proposal.staged.unknown if not proposal.mapping.clients.get(each.name)
    ]
    if unknown:
        names = {client.id: client for client in proposal.reference_data.clients}
        _table(
            "Unknown clients: say --client NAME=ID, NAME=add or NAME=leave-out, or --add-clients",
            pd.DataFrame(
                {
                    "name": [each.name for each in unknown],
                    "rows": [each.rows for each in unknown],
                    "like": [
                        ", ".join(names[x].client_id for x in each.similar) for each in unknown
                    ],
                },
                dtype=object,
            ),
        )
    for question in proposal.staged.questions:
        terminal.result("")
        _line(
            f"In “{question.column}”, “{question.example}” can be read in two ways: "
            f"say {_OPTIONS[question.about]}."
        )


def _line(text: str) -> None:
    terminal.result(tables.printable(text))


def _of(count: int) -> str:
    return f" (the first {_SHOWN} of {count:,} rows)" if count > _SHOWN else ""


def _table(title: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    terminal.result("")
    if title:
        terminal.result(title)
    terminal.result(tables.as_text(frame.dropna(axis="columns", how="all")))
