"""Reports with the client or account in a line of its own above its rows, and subtotals below.

QuickBooks' "Sales by Customer Detail" and Xero's "Account Transactions" are such. The name is
filled into each of its rows. A table whose lines do not all fit this shape is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from zixly_data.imports.cells.dates import is_date
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.numbers import read_amount
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.cells.total_labels import total_of
from zixly_data.imports.shapes.raw_table import (
    RawTable,
    ReshapedTable,
    filled_places,
    name_lines,
)

CLIENT, ACCOUNT, GROUP = "Client", "Account", "Group"
_BALANCE = re.compile(
    r"(?:opening|closing|beginning|starting|ending) balance.*|balance \w+ forward"
    r"|(?:anfangs|end)(?:bestand|saldo)|saldovortrag",
    re.IGNORECASE,
)
_ACCOUNTS = re.compile(r"\b(?:accounts?|ledger|konten|konto)\b", re.IGNORECASE)
_RECEIVABLES = re.compile(r"\baccounts? (?:receivable|payable)s?\b", re.IGNORECASE)
_CLIENT_NAMES = frozenset({
    "client", "clientname", "customer", "customername", "contact", "contactname", "name",
})  # fmt: skip


@dataclass
class _Lines:
    """The rows of a report by what they are. `groups` has the row of each group's name."""

    place: int
    groups: dict[int, str] = field(default_factory=dict)
    details: dict[int, str] = field(default_factory=dict)  # with the name of their group
    totals: list[int] = field(default_factory=list)
    balances: list[int] = field(default_factory=list)
    has_own_column: bool = True


def reshape(raw: RawTable) -> ReshapedTable | None:
    """Return the table with the name of its group in each row; None if it has no certain groups."""
    first = filled_places(raw.row(0)) if raw.lines else []
    if len(first) != 1 or not _is_name(raw.columns[first[0]][0]):
        return None
    report = _classify(raw, first[0])
    if report is None or not _is_certain(report):
        return None
    rows = list(report.details)
    places = [
        place for place, column in enumerate(raw.columns)
        if raw.name(place) or any(column[row] is not None for row in rows)
        or (place == report.place and report.has_own_column)
    ]  # fmt: skip
    header = [raw.name(place) or f"(column {place + 1})" for place in places]
    columns = [[raw.columns[place][row] for row in rows] for place in places]
    names: list[Cell] = list(report.details.values())
    if report.has_own_column:
        index = places.index(report.place)
        header[index] = name = raw.name(report.place) or _name_of_groups(raw, rows)
        columns[index] = names
    else:
        name = _name_of_groups(raw, rows)
        header, columns = [name, *header], [names, *columns]
    return ReshapedTable(
        tuple(header), tuple(columns), [raw.lines[row] for row in rows],
        tuple(raw.lines[row] for row in report.totals), _notes(raw, report, name),
    )  # fmt: skip


def _classify(raw: RawTable, place: int) -> _Lines | None:
    """Sort the rows into groups, details and totals; None if one is none of them."""
    report = _Lines(place)
    group = ""
    kinds_of_details: set[bool] = set()
    is_day = cache(is_date)  # The dates of a long report repeat.
    for row in range(len(raw.lines)):
        cells = raw.row(row)
        places = filled_places(cells)
        label = cells[places[0]]
        is_text = isinstance(label, str) and not is_day(label)
        if is_text and _BALANCE.fullmatch(str(label).strip()):
            report.balances.append(row)
        elif is_text and places[0] == place and total_of(str(label)) is not None:
            if not all(_is_figure(cells[later]) for later in places[1:]):
                return None
            report.totals.append(row)
        elif places == [place] and _is_name(label):
            group = _without_label(str(label).strip())
            report.groups[row] = group
        elif not group or len(places) < 2 or not (cells[place] is None or is_day(cells[place])):
            return None
        else:
            kinds_of_details.add(cells[place] is None)
            report.details[row] = group
    if len(kinds_of_details) != 1:
        return None
    report.has_own_column = kinds_of_details.pop()
    _move_footers(report, len(raw.lines))
    return report


def _move_footers(report: _Lines, rows: int) -> None:
    """Count texts below the last total, such as the time of printing, as part of the totals."""
    if not report.totals:
        return
    footers = range(max(report.totals) + 1, rows)
    if all(row in report.groups for row in footers):
        for row in footers:
            del report.groups[row]
        report.totals.extend(footers)


def _is_certain(report: _Lines) -> bool:
    """Return whether each group has rows or a total below it, and there are several.

    One group is enough if a total names it.
    """
    starts = sorted(report.groups)
    others = {*report.details, *report.totals, *report.balances}
    if not all(row + 1 in others for row in starts):
        return False
    return len(set(report.details.values())) > 1 or bool(report.details and report.totals)


def _is_name(cell: Cell) -> bool:
    return (
        isinstance(cell, str)
        and any(map(str.isalpha, cell))
        and not is_date(cell)
        and total_of(cell) is None
    )


def _without_label(text: str) -> str:
    """Return `Kea` for `Client: Kea`."""
    label, _, name = text.partition(":")
    is_label = normalise_heading(label) in _CLIENT_NAMES | {"account", "kunde", "konto"}
    return name.strip() if is_label and name.strip() else text


def _is_figure(cell: Cell) -> bool:
    return any(read_amount(cell, mark) is not None for mark in (".", ","))


def _name_of_groups(raw: RawTable, rows: Sequence[int]) -> str:
    titles = "\n".join(raw.titles)
    if _ACCOUNTS.search(_RECEIVABLES.sub("", titles)):
        return ACCOUNT
    has_clients = any(
        normalise_heading(raw.name(place)) in _CLIENT_NAMES
        and any(column[row] is not None for row in rows)
        for place, column in enumerate(raw.columns)
    )
    return GROUP if has_clients else CLIENT


def _notes(raw: RawTable, report: _Lines, name: str) -> tuple[str, ...]:
    row, group = next(iter(report.groups.items()))
    count = len(report.groups)
    lines = f"{count:,} lines, such as “{group}” in line {raw.lines[row]}, name" if count > 1 else (
        f"Line {raw.lines[row]}, “{group}”, names"
    )  # fmt: skip
    notes = [
        f"{lines} the rows below. The name was added to each of those rows in the column “{name}”."
    ]
    if report.balances:
        text = name_lines([raw.lines[row] for row in report.balances]).capitalize()
        verb = "holds" if len(report.balances) == 1 else "hold"
        notes.append(f"{text} {verb} opening or closing balances, which are left out.")
    return tuple(notes)
