"""Delivery of a link to its recipient: by mail if that is set up, otherwise shown once to copy.

A link is a key. It is kept only while its dialog is open; closing the dialog discards it.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from zixly_data.errors import MailNotSent
from zixly_data.mail import messages as mail_messages
from zixly_data.mail import smtp
from zixly_data.mail.smtp import Letter
from zixly_data.settings import settings
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain


@dataclass
class Delivery:
    """The state of a link: not created yet, sent, or to be copied.

    A button pressed twice finds the link already created, so there is one link and one mail.
    """

    letter: Letter | None = None
    link: str = ""
    is_sent: bool = False
    refusal: str = ""

    def hand_over(self, letter: Letter, kind: str, token: str) -> None:
        """Send the letter, or keep it to be shown if mail is not set up or fails."""
        self.letter, self.link = letter, mail_messages.link(settings().app_url(), kind, token)
        if smtp.is_set_up(settings()):
            try:
                smtp.send(settings(), letter)
                self.is_sent = True
            except MailNotSent as error:
                self.refusal = sentence(error)


def delivery_of(dialog: str) -> Delivery:
    """Return the delivery of an open dialog."""
    delivery: Delivery = st.session_state.setdefault(f"delivery-{dialog}", Delivery())
    return delivery


def forget_delivery(dialog: str) -> None:
    """Discard the link of a closed dialog, so that it is not shown again."""
    st.session_state.pop(f"delivery-{dialog}", None)


def show_link(delivery: Delivery, message: str, lifetime: str) -> bool:
    """Show the link and a message ready to paste; return whether the person is done."""
    letter = delivery.letter
    if letter is None:
        return False
    if delivery.refusal:
        st.warning(delivery.refusal, icon=":material/unsubscribe:")
    st.success(plain(message), icon=":material/check_circle:")
    st.markdown(
        plain(
            f"Send this link to {letter.to} yourself. It works once, expires in {lifetime} and is "
            "not shown again."
        )
    )
    st.code(delivery.link, language=None, wrap_lines=True)
    st.markdown("Or copy a complete message with the link:")
    st.code(letter.text, language=None, wrap_lines=True)
    return st.button("Done", type="primary", key="link-copied")
