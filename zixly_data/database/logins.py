"""Where the database is, and the passwords of its two logins.

Three cases, by the settings:

* nothing set: the embedded server in the data folder, started or joined;
* `DATABASE_URL`: that server; the logins' passwords are generated into the data folder;
* `DATABASE_APP_URL` and `DATABASE_AUTH_URL`: the logins as given, so that the pages' process never
  holds an administrator's password; `DATABASE_URL` is then needed for `migrate` alone.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from zixly_data.errors import NotPrepared
from zixly_data.postgres import server
from zixly_data.settings import Settings

APP_LOGIN = "zixly_app"
AUTH_LOGIN = "zixly_auth"


@dataclass(frozen=True)
class Logins:
    """Addresses with passwords; `admin_url` is empty where this process may not administer."""

    app_url: str = field(repr=False)
    auth_url: str = field(repr=False)
    admin_url: str = field(repr=False)
    close: Callable[[], None] = field(repr=False)


def logins(settings: Settings) -> Logins:
    """The addresses for these settings. Starts or joins the embedded server where it is used.

    Raises ServerFailed, and NotPrepared when only one of the two login addresses is set, an
    address is none, or the data folder cannot be written.
    """
    given = (settings.database_app_url, settings.database_auth_url)
    admin = settings.database_url.get_secret_value() if settings.database_url else ""
    if all(given):
        app, auth = (url.get_secret_value() for url in given if url)
        return Logins(app_url=app, auth_url=auth, admin_url=admin, close=lambda: None)
    if any(given):
        raise NotPrepared(
            "Only one of DATABASE_APP_URL and DATABASE_AUTH_URL is set.",
            advice="Set both, or neither.",
        )
    if admin:
        close: Callable[[], None] = lambda: None  # noqa: E731
    else:
        embedded = server.start(settings.home)
        admin, close = embedded.address.url(), embedded.close
    try:
        passwords = _passwords(settings.home)
    except OSError as error:
        close()
        raise NotPrepared(
            f"The data folder {settings.home} cannot be written: {error.strerror}.",
            advice="Make it writable, or choose another one with ZIXLY_HOME.",
        ) from None
    return Logins(
        app_url=_with_login(admin, APP_LOGIN, passwords[APP_LOGIN]),
        auth_url=_with_login(admin, AUTH_LOGIN, passwords[AUTH_LOGIN]),
        admin_url=admin,
        close=close,
    )


def _with_login(url: str, user: str, password: str) -> str:
    try:
        changed = sa.make_url(url).set(username=user, password=password)
    except (sa.exc.ArgumentError, ValueError):
        raise NotPrepared(
            "DATABASE_URL is no address of a database.",
            advice="Write it like postgresql://user:password@host:5432/database",
        ) from None
    return changed.render_as_string(hide_password=False)


def _passwords(home: Path) -> dict[str, str]:
    """The two passwords, generated once. Two processes at once agree on the first one's."""
    home.mkdir(parents=True, exist_ok=True)
    place = home / "logins.json"
    if not place.exists():
        fresh = {login: secrets.token_urlsafe(32) for login in (APP_LOGIN, AUTH_LOGIN)}
        draft = home / f"logins.{secrets.token_hex(4)}.json"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fresh, file)
        try:
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found: dict[str, str] = json.loads(place.read_text())
    return found
