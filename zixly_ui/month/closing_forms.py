"""Closing months and reopening them: what it means, and a button that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import streamlit as st

from zixly_data.errors import AlreadyExists, InvalidInput, NotFound, StillWriting
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.records import closed_months
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import confirm
from zixly_ui.components.record_dialog import close_table
from zixly_ui.month import closing_text
from zixly_ui.month.closing_text import MONTH, Month
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_REFUSALS = (AlreadyExists, InvalidInput, NotFound, StillWriting)


def close_button(identity: Identity, tenant: Tenant, found: Sequence[Month]) -> bool:
    """The page's one obvious action: close the next month. Whether it was pressed."""
    today = tenant.today()
    month = closing_text.next_to_close(found, today)
    month = month or next((each for each in found if not each.is_closed), None)
    if month is None or not st.button(
        f"Close {month.name}", type="primary", icon=":material/lock:", key="close-month"
    ):
        return False
    _open(identity, tenant, found, month)
    return True


def change_month(
    identity: Identity, tenant: Tenant, found: Sequence[Month], chosen: Sequence[str]
) -> None:
    """What can be done with the month chosen in the table."""
    for month in found:
        if month.id in chosen:
            _open(identity, tenant, found, month)


def _open(identity: Identity, tenant: Tenant, found: Sequence[Month], month: Month) -> None:
    dialog = st.dialog(month.name, width="medium", on_dismiss=lambda: close_table(MONTH))
    draw = _reopening if month.is_closed else _closing
    dialog(lambda: draw(identity, tenant, found, month))()


def _closing(identity: Identity, tenant: Tenant, found: Sequence[Month], month: Month) -> None:
    st.markdown(plain(closing_text.recorded(month)))
    st.markdown(closing_text.CLOSING)
    if _runs(month, tenant.today()):
        st.warning(
            f"{month.name} is not over. What happens in the rest of it could not be recorded.",
            icon=":material/event_upcoming:",
        )
    earlier = closing_text.open_before(found, month)
    with st.container(horizontal=True):
        this = st.button(
            f"Close {month.name}", type="primary", icon=":material/lock:", key="close-this-month"
        )
        through = earlier and st.button(
            f"Close everything up to {month.name}",
            icon=":material/lock_clock:",
            key="close-through",
        )
    if earlier:
        st.caption(
            f"{plural(len(earlier), 'month')} before it {'is' if len(earlier) == 1 else 'are'} "
            f"open, from {earlier[-1].name} on."
        )
    if this:
        _act(lambda: closed_months.close(identity, month.first), f"{month.name} is closed.")
    if through:
        with _refused_in_words():
            closed = retry(lambda: closed_months.close_through(identity, month.first))
            _leave(
                f"{plural(len(closed), 'month was', 'months were')} closed: everything up to "
                f"{month.name} is closed."
            )


def _reopening(identity: Identity, tenant: Tenant, _: Sequence[Month], month: Month) -> None:
    st.markdown(plain(closing_text.closed_words(month, tenant.time_zone)))
    st.markdown(plain(closing_text.recorded(month)))
    st.markdown(closing_text.REOPENING)
    if st.button(f":red[Reopen {month.name}]", icon=":material/lock_open:", key="reopen-month"):
        _act(
            lambda: closed_months.reopen(identity, month.first),
            f"{month.name} is open: what is dated in it can change again.",
        )


def _runs(month: Month, today: date) -> bool:
    return month.first == today.replace(day=1)


def _act(do: Callable[[], object], words: str) -> None:
    """Do it and say so on the page; a refusal is said here."""
    with _refused_in_words():
        retry(do)
        _leave(words)


@contextmanager
def _refused_in_words() -> Iterator[None]:
    try:
        yield
    except _REFUSALS as error:
        st.error(sentence(error), icon=":material/error:")


def _leave(words: str) -> None:
    close_table(MONTH)
    confirm(words)
    st.rerun()
