"""First steps of an empty organisation: three steps to the first chart, ticked from the records.

The overview shows all three while there are no figures; the pages they lead to show the next step,
so that nobody has to return to the overview. They disappear with the second month on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from zixly_data.figures.client_totals import Recorded
from zixly_data.identity import Identity, Role
from zixly_ui.components.cards import empty_state, headline
from zixly_ui.components.formatting import plural
from zixly_ui.shell.navigation import page_path

_VIEWER_ADVICE = (
    "They appear here once an editor or administrator of your organisation has recorded the first "
    "ones."
)


@dataclass(frozen=True)
class Progress:
    """The progress of an organisation: its number of clients, and the months with figures."""

    clients: int
    first_month: date | None
    last_month: date | None

    @property
    def has_figures(self) -> bool:
        return self.first_month is not None

    @property
    def is_beginning(self) -> bool:
        """Return whether figures of a second month are still missing."""
        return self.first_month == self.last_month


@dataclass(frozen=True)
class _Link:
    """A link of a step, drawn once its precondition is met."""

    page: str
    label: str
    icon: str
    query_params: dict[str, str]
    is_open: bool = True


@dataclass(frozen=True)
class _Step:
    title: str
    sentence: str
    done: str | None
    links: tuple[_Link, ...]


def progress(recorded: Recorded) -> Progress:
    """Return the progress of the tenant from its number of clients and its records."""
    first, last = recorded.first_record, recorded.last_record
    return Progress(recorded.clients, first and first.replace(day=1), last and last.replace(day=1))


def show_steps(identity: Identity, recorded: Recorded) -> None:
    """Show all three steps, for an organisation without figures; viewers read who takes them."""
    may_edit = identity.role.includes(Role.EDITOR)
    steps = _steps(progress(recorded))
    done = sum(step.done is not None for step in steps)
    if not may_edit:
        headline(f"No figures yet: {done} of {len(steps)} steps to the first chart done.")
        st.write(_VIEWER_ADVICE)
    elif done:
        headline(f"{done} of {len(steps)} steps done: your first chart is minutes away.")
    else:
        headline("Three steps to your first chart, in about five minutes.")
    for number, step in enumerate(steps, start=1):
        with st.container(border=True, key=f"first-step-{number}"):
            icon = ":green[:material/check_circle:]" if step.done else f":gray-badge[{number}]"
            st.subheader(f"{icon} {step.title}", anchor=False)
            st.write(step.done or step.sentence)
            if may_edit and not step.done:
                _draw_links(step)


def stop_without_clients(identity: Identity, clients: pd.DataFrame, sentence: str) -> None:
    """End a page if there are no clients, with a link to Clients for editors.

    `sentence` names the records of a client on this page.
    """
    if not clients.empty:
        return
    empty_state("No clients yet", sentence)
    if identity.role.includes(Role.EDITOR):
        st.page_link(page_path("clients.py"), label="Go to Clients", icon=":material/groups:")
    st.stop()


def stop_without_figures(identity: Identity, currencies: Sequence[str]) -> None:
    """End a report if there are no figures, with a link to the first steps for editors.

    `currencies` are those with amounts on record.
    """
    if currencies:
        return
    may_edit = identity.role.includes(Role.EDITOR)
    editor_advice = "This report appears once the first figures are recorded."
    empty_state("No figures yet", editor_advice if may_edit else _VIEWER_ADVICE)
    if may_edit:
        st.page_link(page_path("overview.py"), label="See the first steps", icon=":material/flag:")
    st.stop()


def show_next_step(identity: Identity, recorded: Recorded) -> None:
    """Show the next step in one line, for editors of an organisation that has just begun."""
    current = progress(recorded)
    if not identity.role.includes(Role.EDITOR) or not current.is_beginning:
        return
    steps = _steps(current)
    number, step = next(
        (position, candidate)
        for position, candidate in enumerate(steps, start=1)
        if not candidate.done
    )
    with st.container(border=True, key="next-step", gap="xsmall"):
        st.markdown(f"**Step {number} of {len(steps)}: {step.title}.** {step.sentence}")
        _draw_links(step)


def _draw_links(step: _Step) -> None:
    open_links = [link for link in step.links if link.is_open]
    if not open_links:
        return
    with st.container(horizontal=True):
        for link in open_links:
            st.page_link(
                page_path(link.page),
                label=link.label,
                icon=link.icon,
                query_params=link.query_params,
            )


def _steps(current: Progress) -> tuple[_Step, ...]:
    has_client = current.clients > 0
    add_client = _Link(
        "clients.py", "Add your first client", ":material/add_business:", {"new": "client"}
    )
    enter_month = _Link(
        "enter_month.py", "Enter a month", ":material/edit_calendar:", {}, is_open=has_client
    )
    import_file = _Link("import_file.py", "Import a file", ":material/upload_file:", {})
    see_chart = _Link(
        "financials.py",
        "See your first chart",
        ":material/bar_chart:",
        {"period": "all"},
        is_open=current.has_figures,
    )
    return (
        _Step(
            "Add a client",
            "A client is a business you serve. You need its name, an external ID and the currency "
            "it pays in.",
            f"{plural(current.clients, 'client')} added." if has_client else None,
            (add_client,),
        ),
        _Step(
            "Enter a month, or import a file",
            "Enter each client's revenue and expenses for a month. Or import a CSV or Excel file "
            "of invoices, which adds clients and months at once.",
            "The first figures are recorded." if current.has_figures else None,
            (enter_month, import_file),
        ),
        _Step(
            "See your first chart",
            "Revenue, expenses and profit by month, based on your records.",
            None,
            (see_chart,),
        ),
    )
