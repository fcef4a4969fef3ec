"""Actions of an administrator on a member of the team, and on the security of everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.errors import (
    NOT_SAVED,
    ArchiveNotWritten,
    Conflict,
    InvalidInput,
    LastAdmin,
    NotConfirmed,
    NotFound,
)
from zixly_data.identity import Identity, Role
from zixly_data.mail import messages as mail_messages
from zixly_data.people import team, tenants
from zixly_data.settings import settings
from zixly_data.values.frames import rows
from zixly_ui.components.conflict import conflict
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.components.record_dialog import close_table
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.team import text as team_text
from zixly_ui.team.link_delivery import Delivery, delivery_of, forget_delivery, show_link

_REFUSALS = (ArchiveNotWritten, InvalidInput, LastAdmin, NotConfirmed, NotFound, *NOT_SAVED)
_LINK_LIFETIME = "1 day"

Member = Mapping[str, Any]


def change_member(identity: Identity, members: pd.DataFrame, chosen_ids: Sequence[str]) -> None:
    """Open the dialog of the member chosen in the table."""
    member = next((row for row in rows(members) if row["id"] in chosen_ids), None)
    if member is not None:
        title = plain(member["full_name"])
        dialog = st.dialog(title, width="medium", on_dismiss=lambda: _close(member))
        dialog(lambda: _change(identity, member))()


def show_security(identity: Identity, tenant: tenants.Tenant, members: pd.DataFrame) -> None:
    """Show whether everyone must have a second factor, with a button to change that."""
    st.subheader("Two-step sign-in", anchor=False)
    st.markdown(team_text.security_text(members, tenant.second_factor_required))
    if tenant.second_factor_required:
        if st.button("Make it optional", key="factor-optional"):
            retry(lambda: tenants.change_security(identity, False))
            confirm("Two-step sign-in is now optional.")
            st.rerun()
    elif st.button("Require it for everyone", key="factor-required"):
        title = "Require two-step sign-in for everyone"
        dialog = st.dialog(title, width="medium", on_dismiss=_close_tables)
        dialog(lambda: _require(identity, members))()


def _require(identity: Identity, members: pd.DataFrame) -> None:
    st.markdown(plain(team_text.consequence_of_requiring(members, identity.user_id)))
    if st.button("Require it", type="primary", key="factor-required-for-sure"):
        retry(lambda: tenants.change_security(identity, True))
        _close_tables()
        confirm("Two-step sign-in is now required for everyone.")
        st.rerun()


def _change(identity: Identity, member: Member) -> None:
    delivery = delivery_of(team_text.MEMBER)
    place = st.empty()
    if delivery.letter is None:
        with place.container():
            st.caption(plain(team_text.member_text(member)))
            if member["id"] == identity.user_id:
                st.warning(team_text.ABOUT_ONESELF, icon=":material/person_alert:")
            _role(identity, member)
            _sign_in(identity, member, delivery)
            _deletion(identity, member)
    if delivery.letter is not None:
        message = f"A password link for {member['full_name']} was created."
        if delivery.is_sent:
            _finish(member, f"A password link was sent to {member['email']}.")
        with place.container():
            if show_link(delivery, message, _LINK_LIFETIME):
                _finish(member, message)


def _role(identity: Identity, member: Member) -> None:
    clash: tuple[Role, Role] | None = st.session_state.get(_clash_slot(member))
    if clash is not None:
        _settle(identity, member, *clash)
        return
    form = _form("role", member, {"role": member["role"]})
    with form.box(border=False):
        form.choice("role", "Role", list(Role), team_text.role_text)
        is_submitted = form.submit("Change role")
    if is_submitted:
        role = Role(form.value("role"))
        if role == member["role"]:
            form.problem("role", f"{member['full_name']} is already {team_text.a_role(role)}.")
            return
        _change_role(identity, member, role, Role(member["role"]))


def _change_role(identity: Identity, member: Member, role: Role, seen: Role) -> None:
    """Give the role, or keep both choices for `_settle`."""
    try:
        _act(
            member,
            lambda: team.change_role(identity, member["id"], role, seen=seen),
            f"{member['full_name']} is now {team_text.a_role(role)}.",
        )
    except Conflict as error:
        st.session_state[_clash_slot(member)] = (role, error.current)
        st.rerun(scope="fragment")


def _settle(identity: Identity, member: Member, mine: Role, theirs: Role) -> None:
    """Show both roles and let the person choose."""
    labels = {"role": "Role"}
    choice = conflict({"role": mine.label}, {"role": theirs.label}, labels, "role-conflict")
    if choice == "mine":
        _change_role(identity, member, mine, theirs)
    elif choice == "theirs":
        _finish(member, f"{member['full_name']} remains {team_text.a_role(theirs)}.")


def _clash_slot(member: Member) -> str:
    return f"role-clash-{member['id']}"


def _sign_in(identity: Identity, member: Member, delivery: Delivery) -> None:
    """Show the actions on sign-in: reset link, second factor, deactivation."""
    name, is_active = member["full_name"], member["status"] == "ACTIVE"
    with st.container(horizontal=True):
        is_resetting = is_active and st.button(
            "Create password link", icon=":material/key:", key="reset-link"
        )
        is_removing = member["second_factor"] and st.button(
            "Turn off two-step sign-in", icon=":material/phonelink_erase:", key="remove-factor"
        )
        is_deactivating = is_active and st.button(
            "Deactivate", icon=":material/person_off:", key="deactivate"
        )
        is_reactivating = not is_active and st.button(
            "Reactivate", icon=":material/person_check:", key="reactivate"
        )
    st.caption(team_text.ABOUT_DEACTIVATING if is_active else team_text.ABOUT_REACTIVATING)
    if is_resetting:
        with _show_refusals():
            token = retry(lambda: team.reset_link(identity, member["id"]))
            letter = mail_messages.new_password(
                settings().app_url(),
                to=member["email"],
                token=token,
                full_name=name,
                lasts=_LINK_LIFETIME,
            )
            delivery.hand_over(letter, mail_messages.PASSWORD, token)
    if is_removing:
        _act(
            member,
            lambda: team.remove_second_factor(identity, member["id"]),
            f"Two-step sign-in is off for {name}. They sign in with their password only.",
        )
    if is_deactivating:
        _act(
            member,
            lambda: team.deactivate(identity, member["id"]),
            f"{name} was deactivated and signed out everywhere. They cannot sign in.",
        )
    if is_reactivating:
        _act(
            member,
            lambda: team.reactivate(identity, member["id"]),
            f"{name} was reactivated and can sign in with their previous password.",
        )


def _deletion(identity: Identity, member: Member) -> None:
    with st.expander("Delete…", icon=":material/delete:"):
        st.markdown(plain(team_text.consequence_of_deleting(member)))
        form = _form("delete", member, {})
        with form.box(border=False):
            form.text("email", "To confirm, type their email address")
            is_submitted = form.submit("Delete permanently", destroys=True)
        if is_submitted:
            typed = str(form.value("email"))
            folder: Path = settings().archive_folder()
            _act(
                member,
                lambda: team.delete(identity, member["id"], typed, folder),
                f"{member['full_name']} was deleted. Their audit entries are archived, and "
                f"{member['email']} can be invited again.",
            )


def _act(member: Member, action: Callable[[], object], message: str) -> None:
    """Run the action and confirm it on the page; show a refusal in the dialog."""
    with _show_refusals():
        retry(action)
        _finish(member, message)


@contextmanager
def _show_refusals() -> Iterator[None]:
    try:
        yield
    except _REFUSALS as error:
        st.error(sentence(error), icon=":material/error:")


def _form(form_name: str, member: Member, initial: Mapping[str, Any]) -> EntryForm:
    return EntryForm(f"{form_name}-{member['id']}", id_prefix="edit", initial=initial)


def _finish(member: Member, message: str) -> None:
    _close(member)
    confirm(message)
    st.rerun()


def _close(member: Member) -> None:
    st.session_state.pop(_clash_slot(member), None)
    for form_name in ("role", "delete"):
        _form(form_name, member, {}).forget()
    forget_delivery(team_text.MEMBER)
    _close_tables()


def _close_tables() -> None:
    close_table(team_text.MEMBER, team_text.INVITATION)
