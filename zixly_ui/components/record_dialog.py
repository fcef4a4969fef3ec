"""Changing and deleting one record: a click on its row opens its form over the page.

What was read when the form opened stays with it, its version too. So if somebody else saves in
between, the second one is told, and nothing either of them typed is lost.

    kind = Kind("event", read, change, delete, start, draw, words, trail)
    open_dialog(kind, records_table(…, table_key(kind.name, ids), opens="id"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from zlib import crc32

import streamlit as st

from zixly_data.errors import Conflict, InvalidInput, MonthClosed, NotFound, StillWriting
from zixly_ui.components.conflict import conflict
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.url_state import OPENED


class Versioned(Protocol):
    """What every record that people edit has."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


Record = TypeVar("Record", bound=Versioned)


@dataclass
class Opened(Generic[Record]):
    """The record as it was when its form opened, and the two versions while they differ."""

    record: Record
    mine: Any = None
    theirs: Record | None = None


@dataclass(frozen=True)
class Kind(Generic[Record]):
    """One kind of record: what a person calls it, and how it is read, changed and deleted.

    `start` gives a record as the form shows it, `draw` draws the form and answers with the draft
    once its button is pressed and everything can be read, `words` gives a draft or a record as
    texts by label, in the order of the form; `summary` says it in a line, where those texts alone
    would not. `trail` shows what happened to the record so far.
    """

    name: str
    read: Callable[[str], Record]
    change: Callable[[str, int, Any], None]
    delete: Callable[[str, int], None]
    start: Callable[[Record], Mapping[str, Any]]
    draw: Callable[[EntryForm], Any]
    texts: Callable[[Any], Mapping[str, str]]
    trail: Callable[[Record], None]
    summary: Callable[[Any], str] | None = None


def table_key(kind_name: str, ids: Iterable[str]) -> str:
    """A key for the table whose rows open records.

    Streamlit remembers a selected row by its number. The key changes with the rows and when a form
    closes, so that the number never means another record.
    """
    closed = st.session_state.get(f"closed-{kind_name}", 0)
    return f"table-{kind_name}-{closed}-{crc32(' '.join(ids).encode())}"


def close_table(*kind_names: str) -> None:
    """The form is closed: nothing is selected in these tables any more.

    Name every table on the page: one that a form has covered swallows the next click on it, and a
    new key makes it a new one.
    """
    for name in kind_names:
        slot = f"closed-{name}"
        st.session_state[slot] = st.session_state.get(slot, 0) + 1


def open_dialog(kind: Kind[Record], chosen: Iterable[str]) -> None:
    """Open the form of the record chosen in the table; nothing happens where none is."""
    wanted = next(iter(chosen), None)
    if wanted is None:
        return
    slot = f"{OPENED}{kind.name}"
    known: Opened[Record] | None = st.session_state.get(slot)
    if known is None or known.record.id != wanted:
        try:
            known = Opened(kind.read(wanted))
        except NotFound as error:
            st.warning(sentence(error), icon=":material/delete:")
            return
        st.session_state[slot] = known
    now, form_name = known, f"{kind.name}-{wanted}"

    def close() -> None:
        _close(kind, _form(kind, now, form_name))

    dialog = st.dialog(f"Change this {kind.name}", width="medium", on_dismiss=close)
    dialog(lambda: _edit(kind, now, _form(kind, now, form_name)))()


def _form(kind: Kind[Record], now: Opened[Record], name: str) -> EntryForm:
    return EntryForm(name, id_prefix="edit", initial=kind.start(now.record))


def _edit(kind: Kind[Record], now: Opened[Record], form: EntryForm) -> None:
    place = st.empty()
    if now.theirs is None:
        with place.container():
            draft = kind.draw(form)
            if draft is not None:
                _save(kind, now, form, draft, now.record.version)
            if now.theirs is None:
                _deletion(kind, now, form)
                kind.trail(now.record)
    if now.theirs is not None:
        with place.container():
            mine, theirs = kind.texts(now.mine), kind.texts(now.theirs)
            key = f"conflict-{now.record.id}"
            choice = conflict(mine, theirs, {label: label for label in mine}, key)
            if choice == "mine":
                _save(kind, now, form, now.mine, now.theirs.version)
            elif choice == "theirs":
                _leave(kind, form, f"Kept as it is: {_summary(kind, now.theirs)}.")


def _save(
    kind: Kind[Record], now: Opened[Record], form: EntryForm, draft: Any, version: int
) -> None:
    """Save and leave, or keep both versions to choose from."""
    try:
        with form.problems():
            retry(lambda: kind.change(now.record.id, version, draft))
            _leave(kind, form, f"Saved: {_summary(kind, draft)}.")
    except Conflict as error:
        theirs: Any = error.current
        if kind.texts(theirs) == kind.texts(draft):
            _leave(kind, form, f"Saved: {_summary(kind, draft)}.")
        now.mine, now.theirs = draft, theirs


def _deletion(kind: Kind[Record], now: Opened[Record], form: EntryForm) -> None:
    with st.popover("Delete …", icon=":material/delete:", key=f"ask-{now.record.id}"):
        st.markdown(plain(f"Delete {_summary(kind, now.record)}? This cannot be undone."))
        if st.button(
            ":red[Delete for good]",
            icon=":material/delete_forever:",
            key=f"delete-{now.record.id}",
        ):
            try:
                retry(lambda: kind.delete(now.record.id, now.record.version))
            except (Conflict, InvalidInput, MonthClosed, StillWriting) as error:
                st.error(sentence(error), icon=":material/error:")
                return
            except NotFound:
                pass
            _leave(kind, form, f"Deleted: {_summary(kind, now.record)}.")


def _leave(kind: Kind[Record], form: EntryForm, words: str) -> None:
    _close(kind, form)
    confirm(words)
    st.rerun()


def _close(kind: Kind[Record], form: EntryForm) -> None:
    form.forget()
    st.session_state.pop(f"{OPENED}{kind.name}", None)
    close_table(kind.name)


def _summary(kind: Kind[Record], draft: Any) -> str:
    if kind.summary is not None:
        return kind.summary(draft)
    return ", ".join(text for text in list(kind.texts(draft).values())[:5] if text)
