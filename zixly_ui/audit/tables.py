"""The trail as a person chooses, reads and keeps it: filters, the table, one entry, the file."""

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
from zixly_ui.audit.records import SUBJECTS
from zixly_ui.audit.text import ACTIONS, sentence
from zixly_ui.audit.values import changes
from zixly_ui.components.filters import multiple_choice
from zixly_ui.components.formatting import ABSENT, clock_time, is_absent, people_order, plural
from zixly_ui.components.tables import Column
from zixly_ui.shell.markdown import plain

COLUMNS = (
    Column("when", "When", width=150),
    Column("what_happened", "What happened", width=620),
    Column("person", "Who"),
    Column("address", "From where"),
    Column("client_name", "Client"),
)


def audit_filter(identity: Identity, names: Mapping[str, str]) -> AuditFilter:
    """Whose entries, of which kind, about what; behind a button that says what is left out.

    `names` are the clients' names by our ids.
    """
    lost: list[str] = []
    clients = sorted(names, key=lambda each: (people_order(names[each]), each))
    with st.popover("Choose entries", icon=":material/filter_list:", key="filter-entries"):
        people = [*audit.people(identity), OPERATOR]
        chosen = AuditFilter(
            emails=multiple_choice("Person", "person", people, _person, lost),
            actions=multiple_choice("Kind of action", "action", list(ACTIONS), _action, lost),
            tables=multiple_choice("What it was about", "about", list(SUBJECTS), _thing, lost),
            client_kpi_ids=multiple_choice(
                "Client", "client", clients, lambda each: names[each], lost
            ),
        )
    words = [
        *map(_person, chosen.emails),
        *map(_action, chosen.actions),
        *map(_thing, chosen.tables),
        *(names[each] for each in chosen.client_kpi_ids),
    ]
    if words:
        st.caption(f"Only {plain(' · '.join(words))}")
    if lost:
        st.info(
            f"{' and '.join(lost)}: something you asked for is not here any more and is left out.",
            icon=":material/link_off:",
        )
    return chosen


def headline_text(entries: pd.DataFrame, total: int, when: str) -> str:
    """How much happened, and by how many people: `12 entries in November 2026, by 3 people.`

    `entries` are the latest of `total`, `when` is ` in November 2026`, or empty for all time.
    """
    if not total:
        return f"Nothing is on the trail{when}."
    by = {each for each in entries["user_email"] if not is_absent(each)}
    whole = len(entries) == total
    people = f", by {plural(len(by), 'person', 'people')}" if by and whole else ""
    shown = "" if whole else f" The latest {len(entries):,} are shown; the file has all."
    return f"{plural(total, 'entry', 'entries')}{when}{people}.{shown}"


def table(entries: pd.DataFrame, names: Mapping[str, str], time_zone: str) -> pd.DataFrame:
    """The entries as sentences, with the time as a clock in the tenant's time zone shows it."""
    found = rows(entries)
    return entries.assign(
        when=[clock_time(each["at"], time_zone) for each in found],
        what_happened=[sentence(each, names) for each in found],
        person=[_who(each) for each in found],
    )


def as_file(entries: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Every column of the entries, and what happened in plain words."""
    said = [sentence(each, names) for each in rows(entries)]
    file = entries.drop(columns=["id"])
    file.insert(1, "what_happened", pd.Series(said, file.index, pd.ArrowDtype(pa.string())))
    return file


def show_entry(entry: Mapping[str, Any], names: Mapping[str, str], time_zone: str) -> None:
    """One entry in full: what happened, and the values before and after, side by side."""
    st.subheader(plain(sentence(entry, names)), anchor=False)
    where = "" if is_absent(entry["address"]) else f" · from {entry['address']}"
    st.caption(plain(f"{clock_time(entry['at'], time_zone)} · {_who(entry)}{where}"))
    values = changes(entry, names)
    if values:
        # Values are what people typed: as cells they are text, never markup.
        frame = pd.DataFrame(values, columns=["Field", "Before", "After"]).replace(
            "nothing", ABSENT
        )
        st.dataframe(frame, hide_index=True, key=f"entry-{entry['id']}")


def _who(entry: Mapping[str, Any]) -> str:
    email = entry["user_email"]
    return _person(OPERATOR) if is_absent(email) else str(email)


def _person(email: str) -> str:
    return "The operator, or nobody signed in" if email == OPERATOR else email


def _action(action: str) -> str:
    return ACTIONS[action]


def _thing(table_name: str) -> str:
    return SUBJECTS[table_name]
