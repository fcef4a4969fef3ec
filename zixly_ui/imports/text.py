"""Texts about imports: proposals, results, columns and questions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from zixly_data.imports import Action, Kind
from zixly_data.imports.cells.kinds import FIELDS
from zixly_data.imports.cells.table import Table
from zixly_data.imports.rows.questions import Question
from zixly_ui.components.formatting import clock_time, plural

# In the order of the page.
KINDS: dict[Kind, str] = {
    Kind.FINANCIALS: "Financials",
    Kind.OVERHEADS: "Overheads",
    Kind.LEAD_EVENTS: "Lead events",
    Kind.CUSTOM_METRICS: "Custom metrics",
    Kind.CLIENTS: "Clients",
}
# The page that shows the records of a kind.
PAGES: dict[Kind, str] = {
    Kind.FINANCIALS: "financials.py",
    Kind.OVERHEADS: "overheads.py",
    Kind.LEAD_EVENTS: "lead_funnel.py",
    Kind.CUSTOM_METRICS: "custom_kpis.py",
    Kind.CLIENTS: "clients.py",
}
ACTIONS: dict[Action, str] = {
    Action.NEW: "New",
    Action.CHANGED: "Changes",
    Action.UNCHANGED: "Already recorded",
    Action.REJECTED: "Cannot be imported",
    Action.LEFT_OUT: "Left out",
}
_VERBS: dict[Action, tuple[str, str]] = {
    Action.NEW: ("is new", "are new"),
    Action.CHANGED: ("will change", "will change"),
    Action.UNCHANGED: ("is already recorded", "are already recorded"),
    Action.REJECTED: ("cannot be imported", "cannot be imported"),
    Action.LEFT_OUT: ("is left out", "are left out"),
}
_QUESTIONS = {
    "date_order": ("Does the day or the month come first in “{column}”?", "Day first",
                   "Month first"),
    "decimal_mark": ("Which decimal mark does “{column}” use?", "A point", "A comma"),
    "negative": ("What is a negative amount in “{column}”?", "A credit, which reduces the sum",
                 "Money out, an expense"),
    "same_day": ("Some rows are on a day with another record. What are they?", "Further records",
                 "Corrections of the records"),
    "reused_numbers": ("Some document numbers are on record with a date far away. What are they?",
                       "The same documents, amended", "New documents with an old number"),
}  # fmt: skip
OPTIONS = {
    "date_order": ("DMY", "MDY"),
    "decimal_mark": (".", ","),
    "negative": ("CREDIT", "EXPENSE"),
    "same_day": ("ADD", "CORRECT"),
    "reused_numbers": ("SAME", "NEW"),
}

STOPPED = "The import was stopped, so nothing was imported."


def headline_text(counts: Mapping[Action, int]) -> str:
    """Return `12 rows are new, 85 are already recorded and 2 cannot be imported.`"""
    parts = [f"{count:,} {_VERBS[action][count != 1]}" for action, count in counts.items() if count]
    if not parts:
        return "The file has no rows."
    count, _, rest = parts[0].partition(" ")
    parts[0] = f"{count} {'row' if count == '1' else 'rows'} {rest}"
    return f"{join_parts(parts)}."


def import_label(counts: Mapping[Action, int]) -> str:
    """Return the label of the button: `Import 12 new and 3 changed rows, leave out 2 rows`."""
    rejected = counts[Action.REJECTED]
    rest = f", leave out {plural(rejected, 'row')}" if rejected else ""
    return f"Import {row_counts(counts)}{rest}"


def row_counts(counts: Mapping[Action, int]) -> str:
    """Return the numbers of rows to write: `12 new and 3 changed rows`, `1 new row`."""
    new, changed = counts[Action.NEW], counts[Action.CHANGED]
    named = [f"{count:,} {word}" for count, word in ((new, "new"), (changed, "changed")) if count]
    return f"{' and '.join(named)} {'row' if new + changed == 1 else 'rows'}"


def question_text(question: Question) -> str:
    """Return the question about an ambiguous column, or about amounts without a currency."""
    if question.about == "currency":
        return (
            f"Which currency are the amounts in “{question.column}” in, where the file names none?"
        )
    return _QUESTIONS[question.about][0].format(column=question.column)


def option_text(question: Question, option: str) -> str:
    """Return the label of an option: `Day first: 3/04/2024 is 3 Apr 2024`."""
    if question.about == "currency":
        return option
    label = _QUESTIONS[question.about][1 + OPTIONS[question.about].index(option)]
    meaning = question.meanings.get(option)
    if meaning is None:
        return f"{label}: {question.example} cannot be read"
    return f"{label}: {question.example} is {meaning}"


def remembered_text(option: str) -> str:
    """Describe an option that is remembered from an earlier file with these columns."""
    about = next((name for name, options in OPTIONS.items() if option in options), "currency")
    if about == "currency":
        return f"Same as last time: amounts without a currency are in {option}."
    label = _QUESTIONS[about][1 + OPTIONS[about].index(option)].lower()
    return f"Same as last time: {label if about == 'date_order' else f'{label} for decimals'}."


def columns_text(kind: Kind, columns: Mapping[str, int], table: Table) -> str:
    """List the columns: `Date ← Invoice Date · Revenue ← Total. Not used: Due Date.`"""
    used = [
        f"{field.label} ← {table.header[columns[field.name]]}"
        for field in FIELDS[kind]
        if field.name in columns
    ]
    rest = [name for place, name in enumerate(table.header) if place not in columns.values()]
    text = f"{' · '.join(used)}." if used else ""
    return f"{text} Not used: {_join_names(rest, 8)}.".strip() if rest else text


def unused_currency_text(codes: Sequence[str]) -> str:
    """Return the warning about currencies that nothing of the organisation uses yet."""
    return (
        f"No client and no exchange rate uses {join_parts(codes)}. Check the currency before you "
        "import the file."
    )


def column_names(header: Sequence[str]) -> list[str]:
    """Return the names of the columns, with the number of the column if a name repeats."""
    return [
        f"{name} (column {place + 1})" if header.count(name) > 1 else name
        for place, name in enumerate(header)
    ]


def totals_text(lines: Sequence[int]) -> str:
    """List the lines that were recognised as totals."""
    numbers = _join_names([str(line) for line in lines], 5)
    if len(lines) == 1:
        return f"Line {numbers} is a total and is not imported."
    return f"Lines {numbers} are totals and are not imported."


def earlier_text(earlier: Mapping[str, Any], time_zone: str) -> str:
    """Describe an earlier import of the same file."""
    when = clock_time(earlier["created_at"], time_zone)
    importer = f" by {earlier['imported_by_name']}" if earlier["imported_by_name"] else ""
    undone = ", then undone" if earlier["undone_at"] is not None else ""
    name = earlier["file_name"]
    return f"This file was already imported as {name} on {when}{importer}{undone}."


def counts_text(earlier: Mapping[str, Any]) -> str:
    """Return the counts of an import on record: `12 new, 3 changed and 2 rejected`."""
    named = (("added", "new"), ("changed", "changed"), ("unchanged", "unchanged"),
             ("rejected", "rejected"), ("left_out", "left out"))  # fmt: skip
    return join_parts([f"{earlier[name]:,} {word}" for name, word in named if earlier[name]])


def undo_text(earlier: Mapping[str, Any]) -> str:
    """Describe the effect of undoing an import."""
    parts = []
    if earlier["added"]:
        parts.append(f"deletes {plural(earlier['added'], 'row')} that it added")
    if earlier["changed"]:
        parts.append(f"restores {plural(earlier['changed'], 'row')} that it changed")
    has_clients = earlier["kind"] not in (Kind.CLIENTS, Kind.OVERHEADS)
    added = "Clients and stages" if earlier["kind"] == Kind.LEAD_EVENTS else "Clients"
    clients = f" {added} that it added are deleted too." if has_clients else ""
    return (
        f"Undoing this import {' and '.join(parts)}.{clients} If any of these have changed since, "
        "nothing is undone."
    )


def parse_sums(earlier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parse the sums of an import on record, by action and currency."""
    sums: list[dict[str, Any]] = json.loads(earlier["sums"])
    return sums


def join_parts(parts: Sequence[str]) -> str:
    """Join parts of a sentence: `2 new, 1 changed and 3 rejected`."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


def decided_text(summary: str, again: int, count: int) -> str:
    """Return `2 left out, decided as last time`: of `count` decisions `again` are remembered."""
    if not again:
        return summary
    return f"{summary}, {'' if again == count else f'{again:,} '}decided as last time"


def _join_names(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return join_parts([*names[:most], *([f"{rest:,} more"] if rest > 0 else [])])
