"""Translation of PostgreSQL's error codes into Zixly's errors. No other module reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import sqlalchemy.exc

from zixly_data.database.constraints import SENTENCES
from zixly_data.errors import (
    AccessDenied,
    AlreadyExists,
    DatabaseUnavailable,
    InvalidInput,
    LastAdmin,
    LimitReached,
    LinkClosed,
    MonthClosed,
    NotFound,
    NotPrepared,
    SecondFactorNeeded,
    SessionEnded,
    StillWriting,
    TookTooLong,
    TooManyAttempts,
    ZixlyError,
)
from zixly_data.values.dates import month_name

_UNREACHABLE = ("08", "53", "57", "58")
# PostgreSQL rolled back one of two conflicting transactions.
_CONFLICTING = ("40001", "40P01")
# A refused connection has no code, only a message.
_LOGIN_REFUSED = ("password authentication failed", '" does not exist', "not permitted to log in")
_NOT_STORABLE = "A value contains characters that cannot be saved."
_MISSING_STRUCTURE = ("42P01", "42883", "3F000")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise Zixly's errors in place of the driver's, whose texts may quote values, even another
    tenant's."""
    try:
        yield
    except sqlalchemy.exc.TimeoutError:
        raise DatabaseUnavailable("Zixly is very busy at the moment.") from None
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise translate(error.orig) from None
        raise
    except psycopg.Error as error:
        raise translate(error) from None
    except UnicodeEncodeError:
        # Half a surrogate pair, perhaps from a broken link: the driver fails before sending it.
        raise InvalidInput(_NOT_STORABLE) from None


def translate(error: psycopg.Error) -> ZixlyError:
    """Return Zixly's error for one of PostgreSQL's."""
    code = error.sqlstate or ""
    constraint = error.diag.constraint_name or ""
    field, sentence = SENTENCES.get(constraint, (None, ""))
    if code == "28000":
        return SessionEnded("Your session has ended.")
    if code == "ZX001":
        return TooManyAttempts("There were too many failed sign-in attempts.")
    if code == "ZX002":
        return NotFound(f"There is {error.diag.message_primary}.")
    if code == "ZX003":
        return LastAdmin("This is the last active administrator of the organisation.")
    if code == "ZX004":
        return SecondFactorNeeded("Your organisation requires two-step sign-in.")
    if code == "ZX005":
        return LinkClosed("This link no longer works.")
    if code == "ZX006":
        month = date.fromisoformat(error.diag.message_primary or "")
        return MonthClosed(f"{month_name(month)} is closed.", month=month)
    if code == "ZX007":
        return AlreadyExists("This import has already been undone.")
    if code == "ZX011":
        return LimitReached(
            "You have downloaded too many files.", advice="Wait a while and try again."
        )
    if code == "ZX012":
        return LimitReached("You already have 200 saved views.", advice="Delete one first.")
    if code == "42501":
        return AccessDenied("Your role does not allow this.")
    if code == "23505":
        return AlreadyExists(sentence or "This record already exists.", field=field)
    if code == "23503":
        return NotFound(sentence or "The record this belongs to no longer exists.")
    if code == "23514":
        return InvalidInput(sentence or "A value is not allowed.", field=field)
    if code == "22003":
        return InvalidInput(
            "An amount is too large. It can have up to 12 digits before the decimal point."
        )
    if code.startswith("22") or isinstance(error, psycopg.DataError):
        return InvalidInput(_NOT_STORABLE)
    if code in _MISSING_STRUCTURE:
        return NotPrepared("The database is not up to date.")
    if code.startswith("28"):
        return NotPrepared(
            "The database rejected the password of Zixly's login.",
            advice="Run: python -m zixly_data doctor",
        )
    if code == "57014":
        return TookTooLong("The database took too long to answer.")
    if code == "55P03":
        return StillWriting("Someone else is still saving these records, perhaps with an import.")
    if code in _CONFLICTING:
        return StillWriting(
            "Someone else was saving the same records at the same time.",
            advice="Nothing was saved. Try again.",
        )
    if code.startswith(_UNREACHABLE):
        return DatabaseUnavailable("The database is unavailable at the moment.")
    if not code and any(text in str(error) for text in _LOGIN_REFUSED):
        return NotPrepared("The database rejected Zixly's login.")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return DatabaseUnavailable("The database is unavailable at the moment.")
    return ZixlyError(f"The database rejected this request (code {code or 'unknown'}).")
