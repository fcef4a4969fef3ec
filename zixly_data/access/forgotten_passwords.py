"""Links for forgotten passwords, mailed in the background.

The page responds with the same text after the same time, whether or not the address belongs to a
user: a thread of its own looks the address up and sends the mail.
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
# Further requests are dropped, so that a flood cannot fill the memory.
_MAX_PENDING = 500

logger = logging.getLogger(__name__)


def request_link(email: str, address: str) -> None:
    """Queue a link, sent only if `email` is an active user's; return at once in any case."""
    try:
        _requests().put_nowait((email.strip()[:_LONGEST_EMAIL], address))
    except queue.Full:
        logger.warning("Too many password requests at once. One was dropped.")


def send_link(email: str, address: str, configuration: Settings) -> None:
    """Send a link to `email` if it is an active user's.

    Raises MailNotSent, and the errors of `refusals`.
    """
    request = one_time_links.request_reset(email, address)
    if request is not None:
        smtp.send(
            configuration,
            mail_messages.new_password(
                configuration.app_url(),
                to=request.email,
                token=request.token,
                full_name=request.full_name,
                lasts="1 hour",
            ),
        )


@cache
def _requests() -> queue.Queue[tuple[str, str]]:
    requests: queue.Queue[tuple[str, str]] = queue.Queue(_MAX_PENDING)
    threading.Thread(
        target=_send_links, args=(requests,), name="forgotten-passwords", daemon=True
    ).start()
    return requests


def _send_links(requests: queue.Queue[tuple[str, str]]) -> None:
    while True:
        email, address = requests.get()
        try:
            send_link(email, address, settings())
        except ZixlyError as error:
            logger.warning("A password link was not sent. %s", error)
        except Exception as error:
            # Keeps the thread alive for later requests. The log must not contain addresses.
            logger.error("A password link was not sent: %s", type(error).__name__)
