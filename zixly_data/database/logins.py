"""The address of the database, and the passwords of its two logins.

The settings select one of three cases:

* nothing set: the embedded server in the data folder, started or joined;
* `DATABASE_URL`: that server, with the logins' passwords generated in the data folder;
* `DATABASE_APP_URL` and `DATABASE_AUTH_URL`: these logins, so that the pages' process never holds
  an administrator's password; only `migrate` then needs `DATABASE_URL`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from zixly_data import os_errors
from zixly_data.errors import NotPrepared
from zixly_data.postgres import server
from zixly_data.settings import Settings

APP_LOGIN = "zixly_app"
AUTH_LOGIN = "zixly_auth"
_RENEW = (
    "Restore the file from a backup. Or delete it and run python -m zixly_data migrate, which "
    "creates new passwords."
)


@dataclass(frozen=True)
class Logins:
    """Addresses with passwords. `admin_url` is empty if this process may not administer."""

    app_url: str = field(repr=False)
    auth_url: str = field(repr=False)
    admin_url: str = field(repr=False)
    close: Callable[[], None] = field(repr=False)


def open_logins(settings: Settings) -> Logins:
    """Return the addresses for these settings, starting or joining the embedded server if used.

    Raises ServerFailed, and NotPrepared if only one of the two login addresses is set, an address
    is invalid, the data folder cannot be written, or the file of passwords is damaged.
    """
    login_urls = (settings.database_app_url, settings.database_auth_url)
    admin = settings.database_url.get_secret_value() if settings.database_url else ""
    if all(login_urls):
        app, auth = (url.get_secret_value() for url in login_urls if url)
        return Logins(app_url=app, auth_url=auth, admin_url=admin, close=lambda: None)
    if any(login_urls):
        raise NotPrepared(
            "Only one of DATABASE_APP_URL and DATABASE_AUTH_URL is set.",
            advice="Set both or neither.",
        )
    if admin:
        close: Callable[[], None] = lambda: None  # noqa: E731
    else:
        embedded = server.start(settings.home)
        admin, close = embedded.address.url(), embedded.close
    try:
        passwords = _passwords(settings.home)
    except BaseException:
        close()
        raise
    return Logins(
        app_url=_with_login(admin, APP_LOGIN, passwords[APP_LOGIN]),
        auth_url=_with_login(admin, AUTH_LOGIN, passwords[AUTH_LOGIN]),
        admin_url=admin,
        close=close,
    )


def _with_login(url: str, user: str, password: str) -> str:
    try:
        login_url = sa.make_url(url).set(username=user, password=password)
    except (sa.exc.ArgumentError, ValueError):
        raise NotPrepared(
            "DATABASE_URL is not a database address.",
            advice="Use the form postgresql://user:password@host:5432/database",
        ) from None
    return login_url.render_as_string(hide_password=False)


def _passwords(home: Path) -> dict[str, str]:
    """Return the two passwords, generated on first use. Raises NotPrepared."""
    path = home / "logins.json"
    try:
        home.mkdir(parents=True, exist_ok=True)
        # A link to nowhere exists too: whoever made it is told, not overruled.
        if not os.path.lexists(path):
            _generate(path)
    except OSError as error:
        reason = os_errors.reason(error)
        raise NotPrepared(
            f"Zixly cannot write to the data folder {home}: {reason.text}.",
            advice=f"{reason.advice} Or choose another folder with ZIXLY_HOME.",
        ) from None
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = os_errors.reason(error)
        raise NotPrepared(
            f"The passwords of Zixly's logins in {path} cannot be read: {reason.text}.",
            advice=f"{reason.advice} {_RENEW}",
        ) from None
    passwords = _passwords_in(content)
    if passwords is None:
        raise NotPrepared(
            f"The file {path} is damaged: it does not contain the passwords of Zixly's two logins.",
            advice=_RENEW,
        )
    return passwords


def _passwords_in(content: bytes) -> dict[str, str] | None:
    """Return the two passwords, or None if the content is anything else."""
    try:
        passwords = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(passwords, dict):
        return None
    of_logins: dict[str, str] = {}
    for login in (APP_LOGIN, AUTH_LOGIN):
        password = passwords.get(login)
        if not isinstance(password, str) or not password or not password.isprintable():
            return None
        of_logins[login] = password
    return of_logins


def _generate(path: Path) -> None:
    """Write new passwords, whole and on the disk before the file gets its name.

    Of two processes that generate them at once, both use those of the first. Raises OSError.
    """
    generated = {login: secrets.token_urlsafe(32) for login in (APP_LOGIN, AUTH_LOGIN)}
    draft = path.with_name(f"logins.{secrets.token_hex(4)}.json")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(generated, file)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
