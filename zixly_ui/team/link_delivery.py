"""Handing a link on to the person it is for: by mail where that is set up, else shown once to copy.

A link is a key. It is kept for as long as its dialog is open and never again, so closing the dialog
is the end of it.
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
    """What became of a link: not made yet, sent, or to be copied.

    A button pressed twice finds it made already, so there is one link and one mail.
    """

    letter: Letter | None = None
    link: str = ""
    is_sent: bool = False
    refusal: str = ""

    def hand_over(self, letter: Letter, kind: str, token: str) -> None:
        """Sends the letter, or keeps it to be shown where mail is not set up or does not work."""
        self.letter, self.link = letter, mail_messages.link(settings().app_url(), kind, token)
        if smtp.is_set_up(settings()):
            try:
                smtp.send(settings(), letter)
                self.is_sent = True
            except MailNotSent as error:
                self.refusal = sentence(error)


def delivery_of(dialog: str) -> Delivery:
    """What became of the link of an open dialog."""
    delivery: Delivery = st.session_state.setdefault(f"delivery-{dialog}", Delivery())
    return delivery


def forget_delivery(dialog: str) -> None:
    """The dialog is closed: its link is not shown again."""
    st.session_state.pop(f"delivery-{dialog}", None)


def show_link(delivery: Delivery, words: str, lasting: str) -> bool:
    """The link and a message ready to paste; whether the person is done with them."""
    letter = delivery.letter
    if letter is None:
        return False
    if delivery.refusal:
        st.warning(delivery.refusal, icon=":material/unsubscribe:")
    st.success(plain(words), icon=":material/check_circle:")
    st.markdown(
        plain(
            f"Send this link to {letter.to} yourself. It is shown only now, works once, and lasts "
            f"{lasting}."
        )
    )
    st.code(delivery.link, language=None, wrap_lines=True)
    st.markdown("Or copy a whole message with the link in it:")
    st.code(letter.text, language=None, wrap_lines=True)
    return st.button("Done", type="primary", key="link-copied")
