"""From an empty organisation to its first chart: three steps, ticked from what is on record.

The overview shows all three while there are no figures; the pages they lead to show what comes
next, so that nobody has to find the way back. With the second month on record this is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity, Role
from zixly_data.values.frames import rows
from zixly_ui.components.cards import empty_state, headline
from zixly_ui.components.formatting import is_absent, plural
from zixly_ui.shell.navigation import page_path

_WAIT = (
    "An editor or administrator of your organisation records them. As soon as the first ones are "
    "here, you see them."
)


@dataclass(frozen=True)
class Progress:
    """How far an organisation has come: its clients, and the months with figures."""

    clients: int
    first_month: date | None
    last_month: date | None

    @property
    def has_figures(self) -> bool:
        return self.first_month is not None

    @property
    def is_beginning(self) -> bool:
        """Until figures of a second month are on record."""
        return self.first_month == self.last_month


@dataclass(frozen=True)
class _Way:
    """A link of a step, drawn once it is open: once what it needs is there."""

    page: str
    label: str
    icon: str
    asks: dict[str, str]
    is_open: bool = True


@dataclass(frozen=True)
class _Step:
    title: str
    sentence: str
    done: str | None
    ways: tuple[_Way, ...]


def progress(clients: pd.DataFrame) -> Progress:
    """How far the tenant has come, from its `clients.Clients`."""
    found = rows(clients)
    firsts = [row["first_record"] for row in found if not is_absent(row["first_record"])]
    lasts = [row["last_record"] for row in found if not is_absent(row["last_record"])]
    return Progress(
        len(found),
        min(firsts).replace(day=1) if firsts else None,
        max(lasts).replace(day=1) if lasts else None,
    )


def show_steps(identity: Identity, clients: pd.DataFrame) -> None:
    """All three steps, for an organisation without figures; a viewer reads who takes them."""
    may_edit = identity.role.includes(Role.EDITOR)
    steps = _steps(progress(clients))
    done = sum(step.done is not None for step in steps)
    if not may_edit:
        headline(f"There are no figures yet: {done} of {len(steps)} steps to the first chart done.")
        st.write(_WAIT)
    elif done:
        headline(f"{done} of {len(steps)} steps done: your first chart is minutes away.")
    else:
        headline("Three steps to your first chart, about five minutes in all.")
    for number, step in enumerate(steps, start=1):
        with st.container(border=True, key=f"first-step-{number}"):
            icon = ":green[:material/check_circle:]" if step.done else f":gray-badge[{number}]"
            st.subheader(f"{icon} {step.title}", anchor=False)
            st.write(step.done or step.sentence)
            if may_edit and not step.done:
                _links(step)


def stop_without_clients(identity: Identity, clients: pd.DataFrame, sentence: str) -> None:
    """Ends a page of an organisation without clients: nothing to choose from, and where to go.

    `sentence` says what belongs to a client here.
    """
    if not clients.empty:
        return
    empty_state("There are no clients yet", sentence)
    if identity.role.includes(Role.EDITOR):
        st.page_link(page_path("clients.py"), label="Go to Clients", icon=":material/groups:")
    st.stop()


def stop_without_figures(identity: Identity, currencies: Sequence[str]) -> None:
    """Ends a report of an organisation without figures: nothing to choose from, and where to go.

    `currencies` are those with amounts on record.
    """
    if currencies:
        return
    may_edit = identity.role.includes(Role.EDITOR)
    come = "This page fills by itself once the first figures are on record."
    empty_state("There are no figures yet", come if may_edit else _WAIT)
    if may_edit:
        st.page_link(page_path("overview.py"), label="See the first steps", icon=":material/flag:")
    st.stop()


def show_next_step(identity: Identity, clients: pd.DataFrame) -> None:
    """What comes next, in one line, for editors of an organisation that has just begun."""
    known = progress(clients)
    if not identity.role.includes(Role.EDITOR) or not known.is_beginning:
        return
    steps = _steps(known)
    number, step = next((n, each) for n, each in enumerate(steps, start=1) if not each.done)
    with st.container(border=True, key="next-step", gap="xsmall"):
        st.markdown(f"**Step {number} of {len(steps)}: {step.title}.** {step.sentence}")
        _links(step)


def _links(step: _Step) -> None:
    ways = [way for way in step.ways if way.is_open]
    if not ways:
        return
    with st.container(horizontal=True):
        for way in ways:
            st.page_link(page_path(way.page), label=way.label, icon=way.icon, query_params=way.asks)


def _steps(known: Progress) -> tuple[_Step, ...]:
    has_client = known.clients > 0
    add = _Way("clients.py", "Add your first client", ":material/add_business:", {"new": "client"})
    enter = _Way(
        "enter_month.py", "Enter a month", ":material/edit_calendar:", {}, is_open=has_client
    )
    file = _Way("import_file.py", "Import a file", ":material/upload_file:", {})
    chart = _Way(
        "financials.py",
        "See your first chart",
        ":material/bar_chart:",
        {"period": "all"},
        is_open=known.has_figures,
    )
    return (
        _Step(
            "Add a client",
            "A client is a business you serve. Its name, a number of your own and the currency it "
            "pays in are enough.",
            f"{plural(known.clients, 'client')} on record." if has_client else None,
            (add,),
        ),
        _Step(
            "Enter a month, or import a file",
            "Type what each client brought and cost in a month, or give Zixly the file you have: "
            "a CSV or Excel sheet of invoices brings clients and months at once.",
            "The first figures are on record." if known.has_figures else None,
            (enter, file),
        ),
        _Step(
            "See your first chart",
            "Revenue, expenses and profit, month by month: it draws itself from what is recorded.",
            None,
            (chart,),
        ),
    )
