"""Texts of links that are closed, with the next step."""

from __future__ import annotations

from zixly_data.access.one_time_links import LinkState
from zixly_data.mail.messages import INVITATION, PASSWORD, SET_UP

_CUT_OFF = (
    "A newer link may have replaced it, or part of it was lost when it was copied. "
    "Check for a later message"
)

CLOSED: dict[str, dict[LinkState, tuple[str, str]]] = {
    INVITATION: {
        LinkState.USED: (
            "This invitation has already been used",
            "Sign in with your email address and the password you chose.",
        ),
        LinkState.EXPIRED: (
            "This invitation has expired",
            "Invitations expire after 7 days. Ask the person who invited you to send it again.",
        ),
        LinkState.WITHDRAWN: (
            "This invitation has been withdrawn",
            "If you think this is a mistake, contact the person who invited you.",
        ),
        LinkState.UNKNOWN: (
            "This invitation link is not valid",
            f"{_CUT_OFF}, or ask the person who invited you to send it again.",
        ),
    },
    PASSWORD: {
        LinkState.USED: (
            "This link has already been used",
            "A link sets a password once. Sign in with that password, or request a new link.",
        ),
        LinkState.EXPIRED: (
            "This link has expired",
            "Request a new link, and open it before it expires.",
        ),
        LinkState.WITHDRAWN: (
            "This link has been withdrawn",
            "Request a new link.",
        ),
        LinkState.UNKNOWN: (
            "This link is not valid",
            f"{_CUT_OFF}, or request a new link.",
        ),
    },
    SET_UP: {
        LinkState.USED: (
            "Zixly is already set up",
            "Sign in, or ask an administrator of your organisation to invite you.",
        ),
        LinkState.EXPIRED: (
            "This set-up link has expired",
            "Restart Zixly or run python -m zixly_data prepare to print a new link.",
        ),
        LinkState.WITHDRAWN: (
            "This set-up link has been withdrawn",
            "Restart Zixly or run python -m zixly_data prepare to print a new link.",
        ),
        LinkState.UNKNOWN: (
            "This set-up link is not valid",
            "Use the link that was printed last. Zixly prints a new one each time it starts.",
        ),
    },
}

ABSENT = (
    "No link is open in this browser",
    "Open the link in your message again. It stays open in this browser for half an hour.",
)
