"""Dialogs for closing and reopening months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import streamlit as st

from zixly_data.errors import NOT_SAVED, AlreadyExists, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.records import closed_months, overheads
from zixly_data.tables.overheads import OverheadKind
from zixly_data.values.dates import month_end
from zixly_data.values.frames import rows
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.paging import PageRequest
from zixly_data.values.period import between
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import confirm
from zixly_ui.components.record_dialog import close_table
from zixly_ui.month import closing_text
from zixly_ui.month.closing_text import MONTH, Month
from zixly_ui.records import overhead_text
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_MOST_NAMED = 5
_REFUSALS = (AlreadyExists, InvalidInput, NotFound, *NOT_SAVED)


def close_button(identity: Identity, tenant: Tenant, months: Sequence[Month]) -> bool:
    """Show the primary button, which closes the next month; return whether it was pressed."""
    today = tenant.today()
    month = closing_text.next_to_close(months, today)
    month = month or next((candidate for candidate in months if not candidate.is_closed), None)
    if month is None or not st.button(
        f"Close {month.name}", type="primary", icon=":material/lock:", key="close-month"
    ):
        return False
    _open_dialog(identity, tenant, months, month)
    return True


def change_month(
    identity: Identity, tenant: Tenant, months: Sequence[Month], selected_ids: Sequence[str]
) -> None:
    """Open the dialog of the month chosen in the table."""
    for month in months:
        if month.id in selected_ids:
            _open_dialog(identity, tenant, months, month)


def _open_dialog(identity: Identity, tenant: Tenant, months: Sequence[Month], month: Month) -> None:
    dialog = st.dialog(month.name, width="medium", on_dismiss=lambda: close_table(MONTH))
    draw = _draw_reopening if month.is_closed else _draw_closing
    dialog(lambda: draw(identity, tenant, months, month))()


def _draw_closing(
    identity: Identity, tenant: Tenant, months: Sequence[Month], month: Month
) -> None:
    st.markdown(plain(closing_text.recorded_text(month)))
    st.markdown(closing_text.CLOSING)
    earlier = closing_text.open_before(months, month)
    waiting = closing_text.unassigned_text(month, earlier, _unassigned_names(identity, month))
    if waiting:
        st.warning(plain(waiting), icon=":material/help:")
    if _is_running(month, tenant.today()):
        st.warning(
            f"{month.name} is not over yet. Once it is closed, you cannot record anything for the "
            "rest of it.",
            icon=":material/event_upcoming:",
        )
    with st.container(horizontal=True):
        closes_month = st.button(
            f"Close {month.name}", type="primary", icon=":material/lock:", key="close-this-month"
        )
        closes_through = earlier and st.button(
            f"Close everything up to {month.name}",
            icon=":material/lock_clock:",
            key="close-through",
        )
    if earlier:
        st.caption(
            f"{plural(len(earlier), 'earlier month is', 'earlier months are')} still open, from "
            f"{earlier[-1].name}."
        )
    if closes_month:
        _run(lambda: closed_months.close(identity, month.first), f"{month.name} is closed.")
    if closes_through:
        with _show_refusals():
            closed = retry(lambda: closed_months.close_through(identity, month.first))
            _close_dialog(
                f"{plural(len(closed), 'month was', 'months were')} closed. Everything up to "
                f"{month.name} is closed."
            )


def _draw_reopening(identity: Identity, tenant: Tenant, _: Sequence[Month], month: Month) -> None:
    st.markdown(plain(closing_text.closed_text(month, tenant.time_zone)))
    st.markdown(plain(closing_text.recorded_text(month)))
    st.markdown(closing_text.REOPENING)
    if st.button(f":red[Reopen {month.name}]", icon=":material/lock_open:", key="reopen-month"):
        _run(
            lambda: closed_months.reopen(identity, month.first),
            f"{month.name} is open again. Records dated in it can change.",
        )


def _unassigned_names(identity: Identity, month: Month) -> list[str]:
    """Return the first overheads of the month that nobody has decided about, as texts."""
    if not month.unassigned:
        return []
    period = between(month.first, month_end(month.first))
    unassigned = OverheadFilter(kinds=(OverheadKind.UNASSIGNED.value,))
    page = overheads.page(identity, period, unassigned, PageRequest())
    return [overhead_text.row_summary(row) for row in rows(page.frame.head(_MOST_NAMED))]


def _is_running(month: Month, today: date) -> bool:
    return month.first == today.replace(day=1)


def _run(action: Callable[[], object], text: str) -> None:
    """Run the action and confirm it on the page; show a refusal in the dialog."""
    with _show_refusals():
        retry(action)
        _close_dialog(text)


@contextmanager
def _show_refusals() -> Iterator[None]:
    try:
        yield
    except _REFUSALS as error:
        st.error(sentence(error), icon=":material/error:")


def _close_dialog(text: str) -> None:
    close_table(MONTH)
    confirm(text)
    st.rerun()
