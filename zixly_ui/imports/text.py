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
    Action.REMOVED: "Removed",
}
_VERBS: dict[Action, tuple[str, str]] = {
    Action.NEW: ("is new", "are new"),
    Action.CHANGED: ("will change", "will change"),
    Action.UNCHANGED: ("is already recorded", "are already recorded"),
    Action.REJECTED: ("cannot be imported", "cannot be imported"),
    Action.LEFT_OUT: ("is left out", "are left out"),
    Action.REMOVED: ("recorded line is removed", "recorded lines are removed"),
}
_WAIT = ("waits for an answer", "wait for an answer")
_QUESTIONS = {
    "date_order": ("Does the day or the month come first in “{column}”?", "Day first",
                   "Month first"),
    "decimal_mark": ("Which decimal mark does “{column}” use?", "A point", "A comma"),
    "negative": ("What is a negative amount in “{column}”?", "A credit, which reduces the sum",
                 "Money out, an expense"),
    "same_day": ("Some rows are on a day that has a record already. What are they?",
                 "Further records, beside those of the day", "Corrections of those records"),
    "reused_numbers": ("Some document numbers are on record with a date far away. What are they?",
                       "The same documents, amended", "New documents with an old number"),
}  # fmt: skip
# What an answer is about that is remembered from an earlier file.
_REMEMBERED = {
    "same_day": "rows on a day that has a record are",
    "reused_numbers": "document numbers on record with a date far away are",
    "negative": "negative amounts are",
}
OPTIONS = {
    "date_order": ("DMY", "MDY"),
    "decimal_mark": (".", ","),
    "negative": ("CREDIT", "EXPENSE"),
    "same_day": ("ADD", "CORRECT"),
    "reused_numbers": ("SAME", "NEW"),
}

_LONGEST = 40
STOPPED = "The import was stopped, so nothing was imported."


def action_names(*, only_waits: bool = False) -> dict[Action, str]:
    """Return the name of each action. Rejected rows of a proposal that only waits need an answer,
    not a correction."""
    return ACTIONS | ({Action.REJECTED: "Wait for an answer"} if only_waits else {})


def headline_text(counts: Mapping[Action, int], *, only_waits: bool = False) -> str:
    """Return `12 rows are new, 85 are already recorded and 2 cannot be imported.`"""
    verbs = _VERBS | ({Action.REJECTED: _WAIT} if only_waits else {})
    parts = [f"{count:,} {verbs[action][count != 1]}" for action, count in counts.items() if count]
    if not parts:
        return "The file has no rows."
    if counts[Action.REMOVED] and len(parts) == 1:
        return f"{parts[0]}."
    count, _, rest = parts[0].partition(" ")
    parts[0] = f"{count} {'row' if count == '1' else 'rows'} {rest}"
    return f"{join_parts(parts)}."


def import_label(counts: Mapping[Action, int]) -> str:
    """Return the label of the button: `Import 12 new and 3 changed rows, leave out 2 rows`."""
    rejected = counts[Action.REJECTED]
    rest = f", leave out {plural(rejected, 'row')}" if rejected else ""
    written = row_counts(counts)
    return f"Import {written}{rest}" if has_rows(counts) else f"{written.capitalize()}{rest}"


def row_counts(counts: Mapping[Action, int]) -> str:
    """Return the numbers of rows to write: `12 new and 3 changed rows, remove 1 recorded line`."""
    new, changed, removed = (
        counts[action] for action in (Action.NEW, Action.CHANGED, Action.REMOVED)
    )
    named = [f"{count:,} {word}" for count, word in ((new, "new"), (changed, "changed")) if count]
    rows = [f"{' and '.join(named)} {'row' if new + changed == 1 else 'rows'}"] if named else []
    return ", ".join([*rows, *([f"remove {plural(removed, 'recorded line')}"] if removed else [])])


def finished_text(counts: Mapping[Action, int], file_name: str) -> str:
    """Return `Imported 12 new rows from march.csv.`, with the lines that were removed."""
    removed = counts[Action.REMOVED]
    lines = f"Removed {plural(removed, 'recorded line')}."
    if not has_rows(counts):
        return f"Imported {file_name}. {lines}"
    written = row_counts({**counts, Action.REMOVED: 0})
    return f"Imported {written} from {file_name}.{f' {lines}' if removed else ''}"


def has_rows(counts: Mapping[Action, int]) -> bool:
    """Return whether rows of the file are written, beside lines that are removed."""
    return bool(counts[Action.NEW] or counts[Action.CHANGED])


def removed_text(count: int) -> str:
    """Say why lines on record are removed."""
    if count == 1:
        return "This recorded line will be removed: its document in the file no longer has it."
    return (
        f"{count:,} recorded lines will be removed: their documents in the file no longer have "
        "them."
    )


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
    if question.about in ("same_day", "reused_numbers"):
        return f"{label}. {question.example}: {meaning}"
    if meaning is None:
        return f"{label}: {question.example} cannot be read"
    return f"{label}: {question.example} is {meaning}"


def remembered_text(option: str) -> str:
    """Describe an option that is remembered from an earlier file with these columns."""
    about = next((name for name, options in OPTIONS.items() if option in options), "currency")
    if about == "currency":
        return f"Same as last time: amounts without a currency are in {option}."
    label = _QUESTIONS[about][1 + OPTIONS[about].index(option)].lower()
    if about in _REMEMBERED:
        return f"Same as last time: {_REMEMBERED[about]} {label}."
    if about == "decimal_mark":
        label = f"{label} for decimals"
    return f"Same as last time: {label}."


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
    named = (
        ("added", "new"), ("changed", "changed"), ("unchanged", "unchanged"),
        ("rejected", "rejected"), ("left_out", "left out"), ("removed", "removed"),
    )  # fmt: skip
    return join_parts([f"{earlier[name]:,} {word}" for name, word in named if earlier[name]])


def undo_text(earlier: Mapping[str, Any]) -> str:
    """Describe the effect of undoing an import."""
    parts = []
    if earlier["added"]:
        parts.append(f"deletes {plural(earlier['added'], 'row')} that it added")
    if earlier["changed"]:
        parts.append(f"restores {plural(earlier['changed'], 'row')} that it changed")
    if earlier["removed"]:
        parts.append(f"restores {plural(earlier['removed'], 'line')} that it removed")
    has_clients = earlier["kind"] not in (Kind.CLIENTS, Kind.OVERHEADS)
    added = "Clients and stages" if earlier["kind"] == Kind.LEAD_EVENTS else "Clients"
    clients = f" {added} that it added are deleted too." if has_clients else ""
    return (
        f"Undoing this import {join_parts(parts)}.{clients} If any of these have changed since, "
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


def shorten(text: str) -> str:
    """Return a text of the file, cut where it would fill the line."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def decided_text(summary: str, again: int, count: int) -> str:
    """Return `2 left out, decided as last time`: of `count` decisions `again` are remembered."""
    if not again:
        return summary
    return f"{summary}, {'' if again == count else f'{again:,} '}decided as last time"


def _join_names(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return join_parts([*names[:most], *([f"{rest:,} more"] if rest > 0 else [])])
