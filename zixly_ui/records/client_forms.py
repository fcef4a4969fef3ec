"""Forms to add, edit and delete a client; deleting removes all its records.

Each opens in a dialog, which is a fragment: it reruns without the page around it, so it retries by
itself while the database cannot be reached. The form keeps the client as shown when it opened, with
the version that its change is compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from zixly_data.errors import NOT_SAVED, Conflict, MonthClosed, NotConfirmed, NotFound
from zixly_data.identity import Identity, Role
from zixly_data.records import clients
from zixly_data.records.clients import Client
from zixly_data.tables.clients import CLIENTS, STATUSES, ClientDraft
from zixly_ui.components.conflict import conflict
from zixly_ui.components.fields import (
    draw_field,
    draw_other_fields,
    initial_values,
    read_other_fields,
)
from zixly_ui.components.filters import status_label
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.records.client_text import (
    WHAT_IS_A_PROSPECT,
    deletion_message,
    deletion_text,
    field_texts,
)
from zixly_ui.shell.errors import message
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import current_identity

_LABELS = {name: field.label for name, field in CLIENTS.entered.items()}
# The first boxes of the form, and the two beside each other; other fields follow in their order.
_FIRST = ("client_name", "client_id", "industry")
_BESIDE = ("currency", "status")


def add_client(identity: Identity, currency: str, industries: Sequence[str]) -> None:
    """Draw the button that opens the form for a new client, for editors.

    The link `?new=client` opens it too, once.
    """
    if not identity.role.includes(Role.EDITOR):
        return
    is_linked = st.query_params.pop("new", None) == "client"
    if (
        st.button("Add client", type="primary", icon=":material/add:", key="add-client")
        or is_linked
    ):
        _add_window(identity, currency, industries)


def edit_and_delete(identity: Identity, client: Client, industries: Sequence[str]) -> None:
    """Draw the buttons that open the forms for a client, for editors."""
    if not identity.role.includes(Role.EDITOR):
        return
    with st.container(horizontal=True, horizontal_alignment="right", width="content"):
        if st.button("Edit client", icon=":material/edit:", key="edit-client"):
            _form_for(client).forget()
            _edit_window(identity, client, industries)
        if st.button("Delete", icon=":material/delete:", key="delete-client", type="tertiary"):
            _deletion_form(client).forget()
            _delete_window(identity, client)


@st.dialog("Add client", width="medium", icon=":material/add_business:")
def _add_window(identity: Identity, currency: str, industries: Sequence[str]) -> None:
    retry(current_identity)
    form = EntryForm("client-new", id_prefix="ckpi", initial={"currency": currency})
    with form.box(border=False):
        _fields(form, industries)
        is_submitted = form.submit("Add client")
    draft = _read(form, industries) if is_submitted else None
    if draft is not None:
        with form.problems():
            clients.add(identity, draft, row_id=form.draft_id)
            form.saved(f"Added: {draft.client_name} ({draft.client_id}, {draft.currency}).")


@st.dialog("Edit client", width="medium", icon=":material/edit:", on_dismiss="rerun")
def _edit_window(identity: Identity, client: Client, industries: Sequence[str]) -> None:
    retry(current_identity)
    form = _form_for(client)
    conflicting: tuple[ClientDraft, Client] | None = st.session_state.get(_clash_slot(client))
    if conflicting is not None:
        _settle(identity, form, *conflicting)
        return
    with form.box(border=False):
        _fields(form, industries)
        is_submitted = form.submit("Save changes")
    draft = _read(form, industries) if is_submitted else None
    if draft is None or not _is_agreed(identity, form, client, draft):
        return
    with form.problems():
        _save(identity, form, client, draft)


def _save(identity: Identity, form: EntryForm, seen: Client, draft: ClientDraft) -> None:
    """Save the draft over the version `seen`, or keep both versions for `_settle`."""
    try:
        clients.change(identity, seen.id, seen.version, draft)
    except NotFound as error:
        form.problem("", f"{error} Someone deleted it while you were editing.")
        return
    except Conflict as error:
        current = cast("Client", error.current)
        # A draft sent twice finds itself saved already.
        if field_texts(current) != field_texts(draft):
            st.session_state[_clash_slot(seen)] = (draft, current)
            st.rerun(scope="fragment")
    st.session_state.pop(_clash_slot(seen), None)
    form.saved(f"Saved: {draft.client_name} ({draft.client_id}, {draft.currency}).")


def _settle(identity: Identity, form: EntryForm, mine: ClientDraft, theirs: Client) -> None:
    """Show both versions and let the person choose."""
    choice = conflict(field_texts(mine), field_texts(theirs), _LABELS, "client-conflict")
    if choice == "mine":
        with form.problems():
            _save(identity, form, theirs, mine)
    elif choice == "theirs":
        st.session_state.pop(_clash_slot(theirs), None)
        form.saved(f"Kept the version of {theirs.client_name} saved by someone else.")


@st.dialog("Delete client", icon=":material/delete_forever:", on_dismiss="rerun")
def _delete_window(identity: Identity, client: Client) -> None:
    retry(current_identity)
    form = _deletion_form(client)
    try:
        deletion = clients.deletion(identity, client.id)
    except NotFound as error:
        st.info(plain(f"{error} Someone else deleted it."), icon=":material/info:")
        return
    shown_deletion = st.session_state.setdefault(f"{form.draft_id}-told", deletion)
    st.markdown(
        f"This deletes **{plain(client.client_name)}** and everything recorded for it: "
        f"**{deletion_text(deletion)}**. This cannot be undone."
    )
    with form.box(border=False):
        form.text("typed_name", f"To confirm, type **{plain(client.client_name)}**")
        is_submitted = form.submit("Delete permanently", destroys=True)
    if not is_submitted:
        return
    if deletion != shown_deletion:
        st.session_state[f"{form.draft_id}-told"] = deletion
        form.problem("", "The records of this client have just changed. Check them and try again.")
        return
    try:
        clients.delete(identity, client.id, client.version, form.value("typed_name") or "")
    except NotConfirmed as error:
        form.problem("typed_name", f"{error} {error.advice}")
        return
    except Conflict as error:
        form.problem("", f"{error} Close this window to see the current version.")
        return
    except (MonthClosed, *NOT_SAVED) as error:
        form.problem("", message(error))
        return
    form.forget()
    confirm(deletion_message(deletion))
    st.switch_page(page_path("clients.py"))


def _form_for(client: Client) -> EntryForm:
    return EntryForm(
        f"client-{client.id}", id_prefix="ckpi", initial=initial_values(CLIENTS, client)
    )


def _deletion_form(client: Client) -> EntryForm:
    return EntryForm(f"delete-{client.id}", id_prefix="ckpi")


def _clash_slot(client: Client) -> str:
    return f"clash-{client.id}"


def _fields(form: EntryForm, industries: Sequence[str]) -> None:
    fields = CLIENTS.entered
    for name in _FIRST:
        draw_field(form, fields[name])
    if industries:
        st.caption(plain(f"In use: {' · '.join(industries)}"))
    currency, status = st.columns(2)
    with currency:
        draw_field(form, fields["currency"])
    with status:
        form.choice("status", _LABELS["status"], STATUSES, status_label, help=WHAT_IS_A_PROSPECT)
    draw_other_fields(form, CLIENTS, *_FIRST, *_BESIDE)


def _read(form: EntryForm, industries: Sequence[str]) -> ClientDraft | None:
    """Return the draft, or None once every problem is shown beside its field."""
    values = read_other_fields(form, CLIENTS, "status")
    if not form.is_valid:
        return None
    spellings = {name.casefold(): name for name in industries}
    industry = values.pop("industry")
    return ClientDraft(
        **values,
        industry=spellings.get((industry or "").casefold(), industry),
        status=form.value("status"),
    )


def _is_agreed(identity: Identity, form: EntryForm, client: Client, draft: ClientDraft) -> bool:
    """Return whether the person agrees to a change of currency.

    It gives every recorded amount another meaning, so the form asks for confirmation.
    """
    if draft.currency == client.currency:
        return True
    try:
        recorded = clients.deletion(identity, client.id).financials
    except NotFound:
        return True
    return not recorded or form.ask(
        "currency",
        f"{recorded:,} recorded amounts would become {draft.currency} instead of "
        f"{client.currency} without being converted.",
    )
