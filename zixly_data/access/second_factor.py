"""A second factor at sign-in: time-based one-time passwords (RFC 6238) and recovery codes.

Codes are checked here with pyotp, which computes them; that each works once, the database sees to.
A code is good for its 30 seconds and the half minute before and after, since clocks differ.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import pyotp
import sqlalchemy as sa

from zixly_data.access import sessions, throttling
from zixly_data.access.sessions import Account
from zixly_data.database import connection
from zixly_data.errors import InvalidInput, SignInRefused

ISSUER = "Zixly"
RECOVERY_CODES = 10
_STEP_SECONDS = 30
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is told: the address behind the square code, and the same to
    type."""

    uri: str = field(repr=False)
    secret: str = field(repr=False)


def is_on(account: Account) -> bool:
    """Whether a code is asked for when this person signs in."""
    return _factor(account) is not None


def recovery_codes_left(account: Account) -> int:
    """How many of the recovery codes were not used yet; 0 where there is no second factor."""
    factor = _factor(account)
    return 0 if factor is None else int(factor.recovery_codes or 0)


def check(account: Account, code: str, email: str, address: str) -> None:
    """Uses up a code of the authenticator app, or a recovery code.

    Raises SignInRefused for a wrong or used one, which counts as a failed attempt of `email`;
    TooManyAttempts while there were too many.
    """
    whose = {"tenant_id": account.tenant_id, "user_id": account.user_id, "address": address}
    with throttling.one_at_a_time(address):
        sessions.credentials(email, address)
        _call("select app_auth.may_try_code(:tenant_id, :user_id, :address)", **whose)
        factor = _factor(account)
        if factor is None or _use(account, factor.secret, code, address):
            return
        _call("select app_auth.record_wrong_code(:tenant_id, :user_id, :address)", **whose)
    raise SignInRefused(
        "This code is not right, or was used before.",
        advice="Enter the code your authenticator app shows now, or a recovery code.",
    )


def begin(session_secret: str) -> Enrolment:
    """Starts setting one up, or goes on where that was started before; nothing is in force yet.

    Takes the session's secret, since it works before the pages open where one is demanded. Raises
    SessionEnded.
    """
    with connection.sign_in_connection() as login:
        email = login.execute(
            sa.text("select email from app_auth.session_holder(:session)"),
            {"session": session_secret},
        ).scalar_one()
    secret = pending(session_secret)
    if secret is None:
        secret = pyotp.random_base32()
        _call(
            "select app_auth.begin_second_factor(:session, :secret)",
            session=session_secret,
            secret=secret,
        )
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    return Enrolment(uri=uri, secret=secret)


def pending(session_secret: str) -> str | None:
    """The secret being set up, or None.

    Raises SessionEnded.
    """
    found: str | None = _call(
        "select app_auth.pending_second_factor(:session)", session=session_secret
    )
    return found


def confirm(session_secret: str, code: str) -> list[str]:
    """Puts it in force, with the first code of the app; returns the recovery codes, shown once.

    Raises InvalidInput for a wrong code, SessionEnded, NotFound where nothing was begun.
    """
    secret = pending(session_secret)
    step = _step(secret, code) if secret else None
    if step is None:
        raise InvalidInput(
            "This code is not right. Enter the six digits your authenticator app shows now.",
            field="code",
        )
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    _call(
        "select app_auth.confirm_second_factor(:session, :step, :codes)",
        session=session_secret,
        step=step,
        codes=[_bare(each) for each in codes],
    )
    return codes


def remove(session_secret: str) -> None:
    """Switches one's own off.

    Raises SecondFactorNeeded where the organisation demands it.
    """
    _call("select app_auth.remove_second_factor(:session)", session=session_secret)


def _use(account: Account, secret: str, code: str, address: str) -> bool:
    whose = {"tenant_id": account.tenant_id, "user_id": account.user_id}
    step = _step(secret, code)
    if step is not None:
        return bool(
            _call("select app_auth.use_step(:tenant_id, :user_id, :step)", step=step, **whose)
        )
    return bool(
        _call(
            "select app_auth.use_recovery_code(:tenant_id, :user_id, :code, :address)",
            code=_bare(code),
            address=address,
            **whose,
        )
    )


def _step(secret: str, code: str) -> int | None:
    """The 30-second step whose code this is, of the present one and its two neighbours."""
    digits = code.replace(" ", "")
    now = int(time.time()) // _STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(totp.at(step * _STEP_SECONDS).encode(), digits.encode()):
            return step
    return None


def _factor(account: Account) -> sa.Row[Any] | None:
    with connection.sign_in_connection() as login:
        return login.execute(
            sa.text("select * from app_auth.second_factor(:tenant_id, :user_id)"),
            {"tenant_id": account.tenant_id, "user_id": account.user_id},
        ).one_or_none()


def _recovery_code() -> str:
    """Such as `k3mf-9wqp-x2ra`: 12 characters without look-alikes, 59 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def _bare(code: str) -> str:
    return "".join(letter for letter in code.casefold() if letter.isalnum())


def _call(statement: str, **parameters: Any) -> Any:
    with connection.sign_in_connection() as login:
        return login.execute(sa.text(statement), parameters).scalar_one()
