"""Changing and deleting a record: a click on its row opens its form over the page.

The form keeps the record as read when it opened, with its version. If somebody else saves in
between, the second person sees the conflict, and typed input of both is kept.

    kind = Kind("event", read, change, start, draw, texts, trail, delete)
    open_dialog(kind, records_table(…, table_key(kind.name, ids), opens="id"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar
from zlib import crc32

import streamlit as st

from zixly_data.errors import (
    NOT_SAVED,
    AlreadyExists,
    Conflict,
    InvalidInput,
    MonthClosed,
    NotFound,
)
from zixly_data.values.sources import MANUAL, is_synced, synced_text
from zixly_ui.components.conflict import conflict
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.url_state import OPENED


class Versioned(Protocol):
    """The attributes of every record that people edit."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


Record = TypeVar("Record", bound=Versioned)
# Closes the form with a confirmation.
Finish = Callable[[str], None]
# What an action on a record may be refused for, besides a conflict.
REFUSALS = (AlreadyExists, InvalidInput, MonthClosed, NotFound, *NOT_SAVED)


@dataclass
class Opened(Generic[Record]):
    """The record as it was when its form opened, and the two versions while they differ."""

    record: Record
    mine: Any = None
    theirs: Record | None = None


def _no_question(record: Any, draft: Any) -> str | None:
    return None


@dataclass(frozen=True)
class Kind(Generic[Record]):
    """A kind of record: its name for people, and how it is read, changed and deleted.

    `start` returns the initial values of the form. `draw` draws the form and returns the draft once
    its button is pressed and every field can be read. `texts` returns a draft or a record as texts
    by label, in the order of the form; `summary` returns it in one line where those texts would not
    do. `trail` shows the history of the record. `source` returns where it comes from: those that a
    source such as Xero writes open to be read. `question` returns what to ask before a record is
    changed to a draft, if anything. `decide` draws other actions on it; it receives the record, and
    a function that closes the form with a confirmation. Without `delete`, it cannot be deleted.
    """

    name: str
    read: Callable[[str], Record]
    change: Callable[[str, int, Any], None]
    start: Callable[[Record], Mapping[str, Any]]
    draw: Callable[[EntryForm], Any]
    texts: Callable[[Any], Mapping[str, str]]
    trail: Callable[[Record], None]
    delete: Callable[[str, int], None] | None = None
    summary: Callable[[Any], str] | None = None
    source: Callable[[Record], str] = lambda record: MANUAL
    question: Callable[[Record, Any], str | None] = _no_question
    decide: Callable[[Record, Callable[[str], None]], None] | None = None


def table_key(kind_name: str, ids: Iterable[str]) -> str:
    """Return a key for the table whose rows open records.

    Streamlit remembers a selected row by its number. The key changes with the rows and when a form
    closes, so that the number never refers to another record.
    """
    closed = st.session_state.get(f"closed-{kind_name}", 0)
    return f"table-{kind_name}-{closed}-{crc32(' '.join(ids).encode())}"


def close_table(*kind_names: str) -> None:
    """Clear the selection in these tables after a form has closed.

    Pass every table of the page: a table that was covered by a form ignores the next click, and a
    new key makes it a new table.
    """
    for name in kind_names:
        slot = f"closed-{name}"
        st.session_state[slot] = st.session_state.get(slot, 0) + 1


def open_dialog(kind: Kind[Record], chosen_ids: Iterable[str]) -> None:
    """Open the form of the record chosen in the table; do nothing if none is chosen."""
    record_id = next(iter(chosen_ids), None)
    if record_id is None:
        return
    slot = f"{OPENED}{kind.name}"
    opened: Opened[Record] | None = st.session_state.get(slot)
    if opened is None or opened.record.id != record_id:
        try:
            opened = Opened(kind.read(record_id))
        except NotFound as error:
            st.warning(sentence(error), icon=":material/delete:")
            return
        st.session_state[slot] = opened
    current, form_name = opened, f"{kind.name}-{record_id}"

    def close() -> None:
        _close(kind, _form(kind, current, form_name))

    source = kind.source(current.record)
    if is_synced(source):
        reader = st.dialog(kind.name.capitalize(), width="medium", on_dismiss=close)
        reader(lambda: _show(kind, current.record, source))()
        return
    dialog = st.dialog(f"Change this {kind.name}", width="medium", on_dismiss=close)
    dialog(lambda: _edit(kind, current, _form(kind, current, form_name)))()


def _form(kind: Kind[Record], opened: Opened[Record], name: str) -> EntryForm:
    return EntryForm(name, id_prefix="edit", initial=kind.start(opened.record))


def _show(kind: Kind[Record], record: Record, source: str) -> None:
    """Show a record that a source writes, and where it is changed."""
    st.info(plain(synced_text(source)), icon=":material/sync_lock:")
    texts = {label: " ".join(text.split()) for label, text in kind.texts(record).items() if text}
    st.markdown("\n".join(f"- {plain(label)}: {plain(text)}" for label, text in texts.items()))
    kind.trail(record)


def _edit(kind: Kind[Record], opened: Opened[Record], form: EntryForm) -> None:
    place = st.empty()
    if opened.theirs is None:
        with place.container():
            ask = partial(kind.question, opened.record)
            draft = form.confirmed(kind.draw(form), ask, "Save it too")
            if draft is not None:
                _save(kind, opened, form, draft, opened.record.version)
            if opened.theirs is None:
                with st.container(horizontal=True):
                    if kind.decide is not None:
                        kind.decide(opened.record, lambda text: _finish(kind, form, text))
                    if kind.delete is not None:
                        _deletion(kind, kind.delete, opened, form)
                kind.trail(opened.record)
    if opened.theirs is not None:
        with place.container():
            mine, theirs = kind.texts(opened.mine), kind.texts(opened.theirs)
            key = f"conflict-{opened.record.id}"
            choice = conflict(mine, theirs, {label: label for label in mine}, key)
            if choice == "mine":
                _save(kind, opened, form, opened.mine, opened.theirs.version)
            elif choice == "theirs":
                _finish(kind, form, f"Kept the saved version: {_summary(kind, opened.theirs)}.")


def _save(
    kind: Kind[Record], opened: Opened[Record], form: EntryForm, draft: Any, version: int
) -> None:
    """Save and close the form, or keep both versions to choose from."""
    try:
        with form.problems():
            retry(lambda: kind.change(opened.record.id, version, draft))
            _finish(kind, form, f"Saved: {_summary(kind, draft)}.")
    except Conflict as error:
        theirs: Any = error.current
        if kind.texts(theirs) == kind.texts(draft):
            _finish(kind, form, f"Saved: {_summary(kind, draft)}.")
        opened.mine, opened.theirs = draft, theirs


def _deletion(
    kind: Kind[Record],
    delete: Callable[[str, int], None],
    opened: Opened[Record],
    form: EntryForm,
) -> None:
    with st.popover("Delete…", icon=":material/delete:", key=f"ask-{opened.record.id}"):
        st.markdown(plain(f"Delete {_summary(kind, opened.record)}? This cannot be undone."))
        if st.button(
            ":red[Delete permanently]",
            icon=":material/delete_forever:",
            key=f"delete-{opened.record.id}",
        ):
            try:
                retry(lambda: delete(opened.record.id, opened.record.version))
            except (Conflict, InvalidInput, MonthClosed, *NOT_SAVED) as error:
                st.error(sentence(error), icon=":material/error:")
                return
            except NotFound:
                pass
            _finish(kind, form, f"Deleted: {_summary(kind, opened.record)}.")


def act(name: str, action: Callable[[], None], finish: Finish, text: str) -> None:
    """Run an action on the open record, as `Kind.decide` draws them; `finish` it with the text.

    A refusal is shown, and the form stays. `name` is that of the kind.
    """
    try:
        retry(action)
    except Conflict as error:
        st.error(
            plain(f"{error} Close this window and open the {name} again to see its current "
                  "version."),
            icon=":material/error:",
        )  # fmt: skip
    except REFUSALS as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        finish(text)


def _finish(kind: Kind[Record], form: EntryForm, message: str) -> None:
    _close(kind, form)
    confirm(message)
    st.rerun()


def _close(kind: Kind[Record], form: EntryForm) -> None:
    form.forget()
    st.session_state.pop(f"{OPENED}{kind.name}", None)
    close_table(kind.name)


def _summary(kind: Kind[Record], draft: Any) -> str:
    if kind.summary is not None:
        return kind.summary(draft)
    return ", ".join(text for text in list(kind.texts(draft).values())[:5] if text)
