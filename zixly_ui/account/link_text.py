"""Texts of links that are closed, with the next step."""

from __future__ import annotations

from zixly_data.access.one_time_links import LinkState
from zixly_data.mail.messages import INVITATION, PASSWORD, SET_UP

_CUT_OFF = "a newer one may have replaced it, or it was cut off when it was copied."

CLOSED: dict[str, dict[LinkState, tuple[str, str]]] = {
    INVITATION: {
        LinkState.USED: (
            "This invitation has been used",
            "Sign in with your email address and the password you chose then.",
        ),
        LinkState.EXPIRED: (
            "This invitation has expired",
            "An invitation lasts 7 days. Ask whoever invited you to send it again.",
        ),
        LinkState.WITHDRAWN: (
            "This invitation was withdrawn",
            "If you think that was a mistake, ask whoever invited you.",
        ),
        LinkState.UNKNOWN: (
            "This invitation is not known",
            f"Look for a later message: {_CUT_OFF} Otherwise ask whoever invited you to send it "
            "again.",
        ),
    },
    PASSWORD: {
        LinkState.USED: (
            "This link has been used",
            "It sets a password once. Sign in with that password, or ask for another link.",
        ),
        LinkState.EXPIRED: (
            "This link has expired",
            "Ask for another one, and open it soon.",
        ),
        LinkState.WITHDRAWN: (
            "This link was withdrawn",
            "Ask for another one.",
        ),
        LinkState.UNKNOWN: (
            "This link is not known",
            f"Look for a later message: {_CUT_OFF} Otherwise ask for another one.",
        ),
    },
    SET_UP: {
        LinkState.USED: (
            "Zixly is set up already",
            "Sign in, or ask an administrator of your organisation to invite you.",
        ),
        LinkState.EXPIRED: (
            "This set-up link has expired",
            "Start Zixly again, or run python -m zixly_data prepare: it prints a new one.",
        ),
        LinkState.WITHDRAWN: (
            "This set-up link was withdrawn",
            "Start Zixly again, or run python -m zixly_data prepare: it prints a new one.",
        ),
        LinkState.UNKNOWN: (
            "This set-up link is not known",
            "Use the one that was printed last: each start of Zixly prints a new one.",
        ),
    },
}

ABSENT = (
    "No link is open here",
    "Open the link in your message again. It then stays open in this browser for half an hour.",
)
