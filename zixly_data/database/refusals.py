"""Translation of PostgreSQL's errors into Zixly's errors. No other module reads them.

`sqlstates` has the meaning of each code; here are the ones whose sentence has a part of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import sqlalchemy.exc

from zixly_data.database import sqlstates
from zixly_data.database.constraints import SENTENCES
from zixly_data.errors import (
    AlreadyExists,
    DatabaseUnavailable,
    InvalidInput,
    LastAdmin,
    LinkClosed,
    MonthClosed,
    NotFound,
    ZixlyError,
)
from zixly_data.tables.clients import no_prospect
from zixly_data.tables.lead_stages import takes_no_events
from zixly_data.values.dates import month_name


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
        raise InvalidInput(sqlstates.NOT_STORABLE) from None


def translate(error: psycopg.Error) -> ZixlyError:
    """Return Zixly's error for one of PostgreSQL's."""
    code = error.sqlstate or ""
    own = _with_own_part(error, code)
    if own is not None:
        return own
    meaning = sqlstates.meaning(code)
    if meaning is not None:
        return meaning.error()
    if not code and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return sqlstates.meaning_of_text(str(error)).error()
    if isinstance(error, psycopg.DataError):
        return InvalidInput(sqlstates.NOT_STORABLE)
    return ZixlyError(f"The database rejected this request (code {code or 'unknown'}).")


def _with_own_part(error: psycopg.Error, code: str) -> ZixlyError | None:
    """Return the error of a code whose message names a month, a constraint or a record."""
    field, sentence = SENTENCES.get(error.diag.constraint_name or "", (None, ""))
    match code:
        case "ZX002":
            return NotFound(f"There is {error.diag.message_primary}.")
        case "ZX003":
            return LastAdmin("This is the last active administrator of the organisation.")
        case "ZX005":
            return LinkClosed("This link no longer works.")
        case "ZX006":
            month = date.fromisoformat(error.diag.message_primary or "")
            return MonthClosed(f"{month_name(month)} is closed.", month=month)
        case "ZX007":
            return AlreadyExists("This import has already been undone.")
        case "ZX016":
            return InvalidInput(no_prospect(error.diag.message_primary or ""), field="status")
        case "ZX020":
            return InvalidInput(takes_no_events(error.diag.message_primary or ""), field="stage")
        case "ZX021":
            return InvalidInput(
                f"“{error.diag.message_primary}” is retired.", field="into",
                advice="Choose a stage that takes events, or restore it.",
            )  # fmt: skip
        case "ZX022":
            status = (error.diag.message_primary or "").lower()
            return InvalidInput(
                f"This is the last {status} stage that takes events.",
                advice=f"Add another {status} stage first.",
            )
        case "ZX023":
            return InvalidInput(
                f"“{error.diag.message_primary}” has events, so its status cannot change.",
                field="status", advice="Add a stage with the other status.",
            )  # fmt: skip
        case "ZX030":
            return InvalidInput(
                "These two clients cannot be merged. Only clients paid in one currency can.",
                field="merged", advice="Choose another client.",
            )  # fmt: skip
        case "23505":
            return AlreadyExists(sentence or "This record already exists.", field=field)
        case "23503":
            return NotFound(sentence or "The record this belongs to no longer exists.")
        case "23514":
            return InvalidInput(sentence or "A value is not allowed.", field=field)
    return None
