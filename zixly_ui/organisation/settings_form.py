"""The form of an organisation's settings.

The form keeps the settings as they were when it opened, with their version. If another
administrator saves in between, both versions are shown, and typed input is kept.
"""

from __future__ import annotations

import streamlit as st

from zixly_data.errors import Conflict, NotConfirmed
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.people.tenants import Tenant
from zixly_data.tables.tenants import TENANTS, OrganisationDraft
from zixly_data.values.names import listed
from zixly_ui.components import organisation_fields
from zixly_ui.components.conflict import conflict
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.components.record_dialog import Opened
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import ORGANISATION
from zixly_ui.shell.url_state import OPENED

INSTEAD = (
    "Only administrators change these settings. You can change your own password and two-step "
    "sign-in under My account."
)
_SLOT = f"{OPENED}organisation"
_MONTH = "financial_year_start_month"


def show(identity: Identity, tenant: Tenant) -> None:
    """Draw the form, or both versions if another administrator saved first."""
    opened: Opened[Tenant] = st.session_state.setdefault(_SLOT, Opened(tenant))
    place = st.empty()
    if opened.theirs is None:
        with place.container():
            form = _form(opened)
            with form.box():
                organisation_fields.show(form, name_label="Name", explains_changes=True)
                is_submitted = form.submit("Save changes")
            draft = organisation_fields.read(form) if is_submitted else None
            if draft is not None:
                _save(identity, form, draft, opened)
    if opened.theirs is not None:
        with place.container():
            _settle(identity, opened)


def _form(opened: Opened[Tenant]) -> EntryForm:
    """Return the form of this version, first filled with what was typed over another one."""
    initial = organisation_fields.initial(opened.mine or opened.record)
    return EntryForm(f"organisation-{opened.record.version}", id_prefix="edit", initial=initial)


def _save(
    identity: Identity, form: EntryForm, draft: OrganisationDraft, opened: Opened[Tenant]
) -> None:
    """Save and say what changed, ask about closed months, or keep both versions."""
    version = opened.record.version
    try:
        with form.problems():
            try:
                after = retry(lambda: tenants.change(identity, version, draft))
            except NotConfirmed as question:
                if not form.ask(_MONTH, str(question)):
                    return
                after = retry(
                    lambda: tenants.change(identity, version, draft, confirms_new_years=True)
                )
            _finish(opened, _outcome(opened.record, after))
    except Conflict as error:
        theirs: Tenant = error.current  # type: ignore[assignment]
        opened.mine, opened.theirs = draft, theirs


def _settle(identity: Identity, opened: Opened[Tenant]) -> None:
    """Show both versions and let the person choose; theirs is the one to change from then on."""
    mine, theirs = opened.mine, opened.theirs
    assert theirs is not None
    labels = {name: field.label for name, field in TENANTS.entered.items()}
    choice = conflict(
        organisation_fields.texts(mine),
        organisation_fields.texts(theirs),
        labels,
        "organisation-conflict",
    )
    if choice == "mine":
        opened.record, opened.theirs = theirs, None
        try:
            after = retry(lambda: tenants.change(identity, theirs.version, mine))
            _finish(opened, _outcome(theirs, after))
        except Conflict as error:
            opened.theirs = error.current  # type: ignore[assignment]
        except NotConfirmed:
            # The form asks, once it is saved with these values.
            pass
        st.rerun()
    elif choice == "theirs":
        _finish(opened, "Kept the saved version.")


def _outcome(before: Tenant, after: Tenant) -> str:
    old, new = organisation_fields.texts(before), organisation_fields.texts(after)
    changed = [
        f"the {field.noun} is now {new[name] or 'empty'}"
        for name, field in TENANTS.entered.items()
        if old[name] != new[name]
    ]
    return f"Saved: {listed(changed)}." if changed else "Nothing was changed."


def _finish(opened: Opened[Tenant], message: str) -> None:
    _form(opened).forget()
    st.session_state.pop(_SLOT, None)
    st.session_state.pop(ORGANISATION, None)
    confirm(message)
    st.rerun()
