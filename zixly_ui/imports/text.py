"""Imports in words: what a file would do, what it did, and what the columns were taken for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from zixly_data.imports import Action, Kind
from zixly_data.imports.cells.kinds import FIELDS
from zixly_data.imports.cells.table import Table
from zixly_data.imports.staging import Question
from zixly_ui.components.formatting import clock_time, plural

# Also the order in which they are offered.
KINDS: dict[Kind, str] = {
    Kind.FINANCIALS: "Financials",
    Kind.LEAD_EVENTS: "Lead events",
    Kind.CUSTOM_METRICS: "Custom metrics",
    Kind.CLIENTS: "Clients",
}
# The page on which the records of a kind are.
PAGES: dict[Kind, str] = {
    Kind.FINANCIALS: "financials.py",
    Kind.LEAD_EVENTS: "lead_funnel.py",
    Kind.CUSTOM_METRICS: "custom_kpis.py",
    Kind.CLIENTS: "clients.py",
}
ACTIONS: dict[Action, str] = {
    Action.NEW: "New",
    Action.CHANGED: "Changes",
    Action.UNCHANGED: "In Zixly already",
    Action.REJECTED: "Cannot be imported",
    Action.LEFT_OUT: "Left out",
}
_SAYS: dict[Action, tuple[str, str]] = {
    Action.NEW: ("is new", "are new"),
    Action.CHANGED: ("changes", "change"),
    Action.UNCHANGED: ("is in Zixly already", "are in Zixly already"),
    Action.REJECTED: ("cannot be imported", "cannot be imported"),
    Action.LEFT_OUT: ("is left out", "are left out"),
}
_QUESTIONS = {
    "date_order": ("Does the day or the month come first in “{column}”?", "Day first",
                   "Month first"),
    "decimal_mark": ("What stands before the decimals in “{column}”?", "A point", "A comma"),
}  # fmt: skip
ANSWERS = {"date_order": ("DMY", "MDY"), "decimal_mark": (".", ",")}

STOPPED = "The import was stopped before its end, so nothing of it was imported."


def headline_text(counts: Mapping[Action, int]) -> str:
    """`12 rows are new, 3 change, 85 are in Zixly already, 2 cannot be imported.`"""
    parts = [f"{count:,} {_SAYS[action][count != 1]}" for action, count in counts.items() if count]
    if not parts:
        return "The file has no rows."
    count, _, rest = parts[0].partition(" ")
    parts[0] = f"{count} {'row' if count == '1' else 'rows'} {rest}"
    return f"{', '.join(parts)}."


def promise(counts: Mapping[Action, int]) -> str:
    """What the button does: `Import 12 new and 3 changed rows and leave 2 rows out`."""
    rejected = counts[Action.REJECTED]
    rest = f" and leave {plural(rejected, 'row')} out" if rejected else ""
    return f"Import {written(counts)}{rest}"


def written(counts: Mapping[Action, int]) -> str:
    """`12 new and 3 changed rows`, `1 new row`."""
    new, changed = counts[Action.NEW], counts[Action.CHANGED]
    named = [f"{count:,} {word}" for count, word in ((new, "new"), (changed, "changed")) if count]
    return f"{' and '.join(named)} {'row' if new + changed == 1 else 'rows'}"


def question(asked: Question) -> str:
    """What is asked of a column that could be read in two ways."""
    return _QUESTIONS[asked.about][0].format(column=asked.column)


def reading(asked: Question, answered: str) -> str:
    """`Day first: 3/04/2024 is 3 Apr 2024`."""
    way = _QUESTIONS[asked.about][1 + ANSWERS[asked.about].index(answered)]
    meaning = asked.meanings.get(answered)
    if meaning is None:
        return f"{way}: {asked.example} cannot be read"
    return f"{way}: {asked.example} is {meaning}"


def remembered_words(answered: str) -> str:
    """How the file is read because one with these columns was read so before."""
    about = next(each for each, answers in ANSWERS.items() if answered in answers)
    way = _QUESTIONS[about][1 + ANSWERS[about].index(answered)].lower()
    return f"As last time: {way if about == 'date_order' else f'{way} before the decimals'}."


def columns_words(kind: Kind, columns: Mapping[str, int], table: Table) -> str:
    """`Date ← Invoice Date · Revenue ← Total. Not used: Due Date.`"""
    used = [
        f"{field.label} ← {table.header[columns[field.name]]}"
        for field in FIELDS[kind]
        if field.name in columns
    ]
    rest = [name for place, name in enumerate(table.header) if place not in columns.values()]
    words = f"{' · '.join(used)}." if used else ""
    return f"{words} Not used: {_listed(rest, 8)}.".strip() if rest else words


def column_names(header: Sequence[str]) -> list[str]:
    """The names of the columns, told apart where two are called the same."""
    return [
        f"{name} (column {place + 1})" if header.count(name) > 1 else name
        for place, name in enumerate(header)
    ]


def totals_words(lines: Sequence[int]) -> str:
    """Which rows were recognised as totals."""
    numbers = _listed([str(line) for line in lines], 5)
    if len(lines) == 1:
        return f"Line {numbers} is a total, which is not imported."
    return f"Lines {numbers} are totals, which are not imported."


def earlier_words(earlier: Mapping[str, Any], time_zone: str) -> str:
    """That this very file was imported before."""
    when = clock_time(earlier["created_at"], time_zone)
    who = f" by {earlier['imported_by_name']}" if earlier["imported_by_name"] else ""
    undone = ", and undone since" if earlier["undone_at"] is not None else ""
    name = earlier["file_name"]
    return f"This very file was imported as {name} on {when}{who}{undone}."


def counts_words(earlier: Mapping[str, Any]) -> str:
    """`12 new, 3 changed, 2 rejected` of an import on record."""
    named = (("added", "new"), ("changed", "changed"), ("unchanged", "unchanged"),
             ("rejected", "rejected"), ("left_out", "left out"))  # fmt: skip
    return ", ".join(f"{earlier[name]:,} {word}" for name, word in named if earlier[name])


def undoing_words(earlier: Mapping[str, Any]) -> str:
    """What undoing does."""
    parts = []
    if earlier["added"]:
        parts.append(f"{plural(earlier['added'], 'row')} that it added "
                     f"{'is' if earlier['added'] == 1 else 'are'} deleted")  # fmt: skip
    if earlier["changed"]:
        parts.append(f"{plural(earlier['changed'], 'row')} that it changed "
                     f"{'becomes' if earlier['changed'] == 1 else 'become'} what "
                     f"{'it was' if earlier['changed'] == 1 else 'they were'}")  # fmt: skip
    clients = " Clients that came with it go too." if earlier["kind"] != Kind.CLIENTS else ""
    return (
        f"{' and '.join(parts)}.{clients} Where one of them was changed since, nothing is undone."
    )


def sums_of(earlier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the rows of an import on record added up to, by action and currency."""
    found: list[dict[str, Any]] = json.loads(earlier["sums"])
    return found


def _listed(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest:,} more" if rest > 0 else "")
