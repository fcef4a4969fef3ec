"""A second factor at sign-in: time-based one-time passwords (RFC 6238) and recovery codes.

pyotp computes the codes; the database ensures that each works only once. A code is valid for its 30
seconds and the half minute before and after, as clocks differ.
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
    """The key for an authenticator app: as the URI of the QR code, and as text to type."""

    uri: str = field(repr=False)
    secret: str = field(repr=False)


def is_on(account: Account) -> bool:
    """Return whether this user signs in with a code."""
    return _get_factor(account) is not None


def recovery_codes_left(account: Account) -> int:
    """Return the number of unused recovery codes; 0 without a second factor."""
    factor = _get_factor(account)
    return 0 if factor is None else int(factor.recovery_codes or 0)


def check(account: Account, code: str, email: str, address: str) -> None:
    """Verify and use up a code of the authenticator app, or a recovery code.

    Raises SignInRefused for a wrong or used code, which counts as a failed attempt of `email`;
    TooManyAttempts after too many of them.
    """
    account_key = {"tenant_id": account.tenant_id, "user_id": account.user_id, "address": address}
    with throttling.serialise_attempts(address):
        sessions.credentials(email, address)
        _call("select app_auth.may_try_code(:tenant_id, :user_id, :address)", **account_key)
        factor = _get_factor(account)
        if factor is None or _use_code(account, factor.secret, code, address):
            return
        _call("select app_auth.record_wrong_code(:tenant_id, :user_id, :address)", **account_key)
    raise SignInRefused(
        "This code is incorrect or was already used.",
        advice="Enter the current code from your authenticator app, or a recovery code.",
    )


def begin(session_secret: str) -> Enrolment:
    """Start to set up a second factor, or resume; it takes effect with `confirm`.

    Takes the session's secret, as a required factor is set up before any page opens. Raises
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
    """Return the secret being set up, or None.

    Raises SessionEnded.
    """
    secret: str | None = _call(
        "select app_auth.pending_second_factor(:session)", session=session_secret
    )
    return secret


def confirm(session_secret: str, code: str) -> list[str]:
    """Put the second factor in force with the app's first code; return the recovery codes.

    The codes cannot be retrieved again. Raises InvalidInput for a wrong code, SessionEnded,
    NotFound if no set-up was begun.
    """
    secret = pending(session_secret)
    step = _matching_step(secret, code) if secret else None
    if step is None:
        raise InvalidInput(
            "This code is incorrect. Enter the current 6-digit code from your authenticator app.",
            field="code",
        )
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    _call(
        "select app_auth.confirm_second_factor(:session, :step, :codes)",
        session=session_secret,
        step=step,
        codes=[_normalise(code) for code in codes],
    )
    return codes


def remove(session_secret: str) -> None:
    """Switch the user's own second factor off.

    Raises SecondFactorNeeded if the organisation requires one.
    """
    _call("select app_auth.remove_second_factor(:session)", session=session_secret)


def _use_code(account: Account, secret: str, code: str, address: str) -> bool:
    account_key = {"tenant_id": account.tenant_id, "user_id": account.user_id}
    step = _matching_step(secret, code)
    if step is not None:
        return bool(
            _call("select app_auth.use_step(:tenant_id, :user_id, :step)", step=step, **account_key)
        )
    return bool(
        _call(
            "select app_auth.use_recovery_code(:tenant_id, :user_id, :code, :address)",
            code=_normalise(code),
            address=address,
            **account_key,
        )
    )


def _matching_step(secret: str, code: str) -> int | None:
    """Return the 30-second step of the code: the present one or a neighbour; otherwise None."""
    digits = code.replace(" ", "")
    now = int(time.time()) // _STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(totp.at(step * _STEP_SECONDS).encode(), digits.encode()):
            return step
    return None


def _get_factor(account: Account) -> sa.Row[Any] | None:
    with connection.sign_in_connection() as login:
        return login.execute(
            sa.text("select * from app_auth.second_factor(:tenant_id, :user_id)"),
            {"tenant_id": account.tenant_id, "user_id": account.user_id},
        ).one_or_none()


def _recovery_code() -> str:
    """Generate a code such as `k3mf-9wqp-x2ra`: 12 characters without look-alikes, 59 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def _normalise(code: str) -> str:
    return "".join(char for char in code.casefold() if char.isalnum())


def _call(statement: str, **parameters: Any) -> Any:
    with connection.sign_in_connection() as login:
        return login.execute(sa.text(statement), parameters).scalar_one()
