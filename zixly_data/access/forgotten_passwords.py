"""Answers whoever forgot their password, by mail and behind the scenes.

The page that asks says the same thing after the same time, whether or not the address is known:
looking it up and writing to it happens in a thread that nobody waits for.
"""

from __future__ import annotations

import logging
import queue
import threading
from functools import cache

from zixly_data.access import one_time_links
from zixly_data.errors import ZixlyError
from zixly_data.mail import messages as mail_messages
from zixly_data.mail import smtp
from zixly_data.settings import Settings, settings

_LONGEST_EMAIL = 254
# A flood of requests is dropped, not kept in memory.
_WAITING = 500

logger = logging.getLogger(__name__)


def ask(email: str, address: str) -> None:
    """Has a link sent to `email` if it is an active user's; returns at once, whoever it is."""
    try:
        _requests().put_nowait((email.strip()[:_LONGEST_EMAIL], address))
    except queue.Full:
        logger.warning("Too many people ask for a new password at once; one was not answered.")


def respond(email: str, address: str, chosen: Settings) -> None:
    """Looks the address up and writes to it.

    Raises MailNotSent, and whatever the database refuses.
    """
    asked = one_time_links.ask_reset(email, address)
    if asked is not None:
        smtp.send(
            chosen,
            mail_messages.new_password(
                chosen.app_url(),
                to=asked.email,
                token=asked.token,
                full_name=asked.full_name,
                lasts="1 hour",
            ),
        )


@cache
def _requests() -> queue.Queue[tuple[str, str]]:
    requests: queue.Queue[tuple[str, str]] = queue.Queue(_WAITING)
    threading.Thread(
        target=_work, args=(requests,), name="forgotten-passwords", daemon=True
    ).start()
    return requests


def _work(requests: queue.Queue[tuple[str, str]]) -> None:
    while True:
        email, address = requests.get()
        try:
            respond(email, address, settings())
        except ZixlyError as error:
            logger.warning("A link for a new password was not sent. %s", error)
        except Exception as error:
            # Whatever it was, the next person is answered. No address reaches the log.
            logger.error("A link for a new password was not sent: %s", type(error).__name__)
