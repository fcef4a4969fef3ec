"""Recognises timesheets: entries of time trackers, one a row, such as those of Toggl, Clockify,
Kimai and Harvest, in English and German."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zixly_data.imports.cells import headings
from zixly_data.imports.cells.dates import is_day
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.tables.custom_metrics import BILLABLE_DURATIONS, DURATION_HEADINGS

# A column of a time of day, or of a moment; only the latter says the day of an entry.
MOMENTS = frozenset({
    "start", "started", "startedat", "begin", "beginn", "from", "von", "startzeit", "starttime",
})  # fmt: skip
# In a timesheet these are the person who worked.
PERSONS = frozenset({"name", "contact", "account", "accountname", "payee"})

# What a timesheet says of an entry beside its duration, and what invoices may say too.
_OF_ENTRIES = (
    MOMENTS,
    frozenset({
        "end", "ende", "ended", "endedat", "endtime", "endzeit", "stop", "stoptime", "to", "bis",
    }),
    frozenset({
        "user", "username", "member", "person", "people", "employee", "staff", "teammember",
        "firstname", "benutzer", "mitarbeiter", "mitarbeiterin", "vorname", "teammitglied",
    }),
    frozenset({"billable", "billablestatus", "abrechenbar", "fakturierbar", "verrechenbar"}),
)  # fmt: skip
_OF_WORK = (
    frozenset({"project", "projectname", "projekt", "projektname"}),
    frozenset({"task", "activity", "aufgabe", "tätigkeit", "taetigkeit", "leistung"}),
)


def is_timesheet(table: Table) -> bool:
    """Return whether the rows are entries of time: a duration, and two more of what a timesheet
    says, such as the person, the project and whether it is billable.

    A list of invoices has hours too, but of these at most the project and the task.
    """
    keys = {headings.normalise_heading(name) for name in table.header}
    entry = any(aspect & keys for aspect in _OF_ENTRIES)
    aspects = sum(bool(aspect & keys) for aspect in (*_OF_ENTRIES, *_OF_WORK))
    return has_durations(table) and entry and aspects >= 2


def has_durations(table: Table) -> bool:
    """Return whether a column is named as the duration of something: `Hours`, `Duration (h)`."""
    return any(is_duration(name) for name in table.header)


def is_duration(heading: str) -> bool:
    """Return whether a column is named as a duration."""
    return _is_named(heading, DURATION_HEADINGS)


def is_billable_duration(heading: str) -> bool:
    """Return whether a column is named as the billable part of a duration."""
    return _is_named(heading, frozenset(BILLABLE_DURATIONS))


def _is_named(heading: str, names: frozenset[str]) -> bool:
    return not names.isdisjoint(
        (headings.normalise_heading(heading), headings.normalise_without_suffix(heading))
    )


def has_days(cells: Sequence[Cell]) -> bool:
    """Return whether the first value of a column is a day, or a moment, and no time of day."""
    first = next((cell for cell in cells if cell is not None), None)
    return isinstance(first, date) or (isinstance(first, str) and is_day(first))
