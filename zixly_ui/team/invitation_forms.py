"""Forms to invite people, send an open invitation again, and withdraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.errors import NotFound
from zixly_data.identity import Identity, Role
from zixly_data.mail import messages as mail_messages
from zixly_data.mail.smtp import Letter
from zixly_data.people import invitations
from zixly_data.people.tenants import Tenant
from zixly_data.settings import settings
from zixly_data.values.frames import rows
from zixly_data.values.names import parse_name
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.components.record_dialog import close_table
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.team import text as team_text
from zixly_ui.team.link_delivery import Delivery, delivery_of, forget_delivery, show_link

_LONGEST_EMAIL = 254


def invite_button(identity: Identity, tenant: Tenant) -> None:
    """Draw the primary action of the page, which opens the invitation form."""
    if st.button("Invite person", type="primary", icon=":material/person_add:", key="invite-user"):
        form = EntryForm("invite", id_prefix="inv")
        close = partial(_close_invite, form)
        dialog = st.dialog("Invite person", width="medium", on_dismiss=close)
        dialog(lambda: _invite(identity, tenant, close))()


def change_invitation(
    identity: Identity, tenant: Tenant, pending: pd.DataFrame, chosen_ids: Sequence[str]
) -> None:
    """Open the dialog of the invitation chosen in the table."""
    invitation = next((row for row in rows(pending) if row["id"] in chosen_ids), None)
    if invitation is not None:
        dialog = st.dialog("Change invitation", width="medium", on_dismiss=_close_invitation)
        dialog(lambda: _change(identity, tenant, invitation))()


def _invite(identity: Identity, tenant: Tenant, close: Callable[[], None]) -> None:
    delivery = delivery_of("invite")
    place = st.empty()
    if delivery.letter is None:
        form = EntryForm("invite", id_prefix="inv")
        with place.container():
            _draw_invite(identity, tenant, form, delivery)
    _show_delivery(place, delivery, close)


def _draw_invite(identity: Identity, tenant: Tenant, form: EntryForm, delivery: Delivery) -> None:
    with form.box(border=False):
        form.text("email", "Email", placeholder="name@example.com")
        form.choice("role", "Role", list(Role), team_text.role_text)
        is_submitted = form.submit("Send invitation")
    if not is_submitted:
        return
    email = form.read("email", partial(parse_name, max_length=_LONGEST_EMAIL))
    role = Role(form.value("role"))
    if email is None:
        return
    with form.problems():
        token = retry(lambda: invitations.invite(identity, email, role, row_id=form.draft_id))
        delivery.hand_over(
            _letter(identity, tenant, email, role, token), mail_messages.INVITATION, token
        )


def _change(identity: Identity, tenant: Tenant, invitation: Mapping[str, Any]) -> None:
    delivery = delivery_of(team_text.INVITATION)
    place = st.empty()
    if delivery.letter is None:
        with place.container():
            st.markdown(plain(team_text.invitation_text(invitation, tenant.time_zone)))
            with st.container(horizontal=True):
                is_sending_again = st.button("Send again", type="primary", key="send-again")
                is_withdrawing = st.button("Withdraw", icon=":material/block:", key="withdraw")
            st.caption("Sending again replaces the old link. A withdrawn link no longer works.")
            try:
                if is_sending_again:
                    email, token = retry(lambda: invitations.send_again(identity, invitation["id"]))
                    letter = _letter(identity, tenant, email, Role(invitation["role"]), token)
                    delivery.hand_over(letter, mail_messages.INVITATION, token)
                elif is_withdrawing:
                    retry(lambda: invitations.withdraw(identity, invitation["id"]))
                    _finish(f"The invitation for {invitation['email']} was withdrawn.")
            except NotFound as error:
                st.error(sentence(error), icon=":material/error:")
    _show_delivery(place, delivery, _close_invitation)


def _letter(identity: Identity, tenant: Tenant, email: str, role: Role, token: str) -> Letter:
    return mail_messages.invitation(
        settings().app_url(),
        to=email,
        token=token,
        role=role,
        organisation=tenant.name,
        invited_by=identity.full_name,
    )


def _show_delivery(place: DeltaGenerator, delivery: Delivery, close: Callable[[], None]) -> None:
    """Show the link to copy; once it is mailed or copied, return to the page."""
    if delivery.letter is None:
        return
    to = delivery.letter.to
    if delivery.is_sent:
        close()
        confirm(f"An invitation was sent to {to}. The link works once and expires in 7 days.")
        st.rerun()
    with place.container():
        if show_link(delivery, f"{to} was invited.", "7 days"):
            close()
            confirm(f"{to} was invited.")
            st.rerun()


def _finish(message: str) -> None:
    _close_invitation()
    confirm(message)
    st.rerun()


def _close_invitation() -> None:
    forget_delivery(team_text.INVITATION)
    close_table(team_text.MEMBER, team_text.INVITATION)


def _close_invite(form: EntryForm) -> None:
    forget_delivery("invite")
    form.forget()
    close_table(team_text.MEMBER, team_text.INVITATION)
