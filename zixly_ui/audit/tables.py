"""The audit trail on its page: filters, table, a single entry, and the CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.people.audit import OPERATOR, AuditFilter
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_ui.audit.records import SUBJECTS
from zixly_ui.audit.text import ACTIONS, sentence
from zixly_ui.audit.values import changes
from zixly_ui.components.filters import multiple_choice
from zixly_ui.components.formatting import ABSENT, clock_time, is_absent, people_order, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.shell.markdown import plain

COLUMNS = (
    Column("when", "When", width=150),
    Column("what_happened", "What happened", width=620),
    Column("person", "Who"),
    Column("address", "IP address"),
    Column("client_name", "Client"),
)
SORTS = (Sort("Newest first"), Sort("Oldest first", "at"))


def audit_filter(identity: Identity, names: Mapping[str, str]) -> AuditFilter:
    """Return the chosen people, actions, subjects and clients. A caption names any restriction.

    `names` are the clients' names by our ids.
    """
    missing_labels: list[str] = []
    clients = sorted(names, key=lambda client_id: (people_order(names[client_id]), client_id))
    with st.popover("Choose entries", icon=":material/filter_list:", key="filter-entries"):
        people = [*audit.people(identity), OPERATOR]
        selection = AuditFilter(
            emails=multiple_choice("Person", "person", people, _person, missing_labels),
            actions=multiple_choice("Action", "action", list(ACTIONS), _action, missing_labels),
            tables=multiple_choice("Record", "about", list(SUBJECTS), _subject, missing_labels),
            client_kpi_ids=multiple_choice(
                "Client", "client", clients, lambda client_id: names[client_id], missing_labels
            ),
        )
    restrictions = [
        *map(_person, selection.emails),
        *map(_action, selection.actions),
        *map(_subject, selection.tables),
        *(names[client_id] for client_id in selection.client_kpi_ids),
    ]
    if restrictions:
        st.caption(f"Filtered by {plain(' · '.join(restrictions))}")
    if missing_labels:
        st.info(
            f"{listed(missing_labels)}: some selected values no longer exist and are ignored.",
            icon=":material/link_off:",
        )
    return selection


def headline_text(entries: pd.DataFrame, total: int, phrase: str) -> str:
    """Return the number of entries and of people: `12 entries in November 2026, by 3 people.`

    `entries` are one page of `total`, `phrase` is ` in November 2026`, or empty for all time.
    """
    if not total:
        return f"No entries{phrase}."
    authors = {email for email in entries["user_email"] if not is_absent(email)}
    is_complete = len(entries) == total
    author_phrase = (
        f", by {plural(len(authors), 'person', 'people')}" if authors and is_complete else ""
    )
    return f"{plural(total, 'entry', 'entries')}{phrase}{author_phrase}."


def table(entries: pd.DataFrame, names: Mapping[str, str], time_zone: str) -> pd.DataFrame:
    """Return the entries as sentences, with local times in the time zone of the tenant."""
    entry_rows = rows(entries)
    return entries.assign(
        when=[clock_time(entry["at"], time_zone) for entry in entry_rows],
        what_happened=[sentence(entry | {"time_zone": time_zone}, names) for entry in entry_rows],
        person=[_person_of(entry) for entry in entry_rows],
    )


def as_file(entries: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return every column of the entries, and a sentence for each."""
    sentences = [sentence(entry, names) for entry in rows(entries)]
    file = entries.drop(columns=["id"])
    file.insert(1, "what_happened", pd.Series(sentences, file.index, pd.ArrowDtype(pa.string())))
    return file


def show_entry(entry: Mapping[str, Any], names: Mapping[str, str], time_zone: str) -> None:
    """Show one entry: its sentence, and the values before and after, side by side."""
    entry = {**entry, "time_zone": time_zone}
    st.subheader(plain(sentence(entry, names)), anchor=False)
    origin = "" if is_absent(entry["address"]) else f" · from {entry['address']}"
    st.caption(plain(f"{clock_time(entry['at'], time_zone)} · {_person_of(entry)}{origin}"))
    values = changes(entry, names)
    if values:
        # Values are typed text: in cells they are never markup.
        frame = pd.DataFrame(values, columns=["Field", "Before", "After"]).replace(
            "nothing", ABSENT
        )
        st.dataframe(frame, hide_index=True, key=f"entry-{entry['id']}")


def _person_of(entry: Mapping[str, Any]) -> str:
    email = entry["user_email"]
    return _person(OPERATOR) if is_absent(email) else str(email)


def _person(email: str) -> str:
    return "The operator, or not signed in" if email == OPERATOR else email


def _action(action: str) -> str:
    return ACTIONS[action]


def _subject(table_name: str) -> str:
    return SUBJECTS[table_name]
