"""The errors Zixly raises deliberately, each with a sentence for the person and advice.

    ZixlyError
    ├── AccessDenied            the role does not allow the action
    │   ├── SessionEnded        the session is unknown, expired or revoked, or its user inactive
    │   └── SecondFactorNeeded  a second factor is required and the user has not set one up
    ├── SignInRefused           email and password do not match
    │   └── TooManyAttempts     wait before the next attempt
    ├── InvalidInput            a value must be changed; `field` names it
    │   ├── InvalidPeriod       a period ends before it starts, or its key is unknown
    │   └── InvalidCells        cells of a grid must be changed; `cells` lists them
    ├── NotFound                the record does not exist, or no longer exists
    ├── AlreadyExists           another record has this identifier; `field` names it
    ├── Conflict                someone else changed the record first; `current` is their version
    ├── FromSource              the record comes from a source such as Xero and is changed there
    ├── PossibleDuplicates      records repeat amounts of their month; `repetitions` lists them
    ├── MonthClosed             an ADMIN closed the month; nothing dated in it can change
    ├── StillWriting            another transaction is writing the same records
    ├── LimitReached            so many downloads in a minute, or so many saved views, are refused
    ├── LinkClosed              an invitation or password link was used, withdrawn or has expired
    ├── LastAdmin               the change would leave the tenant without an active ADMIN
    ├── NotConfirmed            a deletion was not confirmed by typing the name
    ├── ArchiveNotWritten       a deleted person's audit entries could not be written to disk
    ├── MailNotSent             the mail server did not accept a message
    ├── DatabaseUnavailable     the database cannot be reached; waiting helps
    │   ├── TookTooLong         a statement exceeded its time limit
    │   └── NeedsOperator  *    the database is full, damaged or read-only; waiting does not help
    │       ├── ServerFailed    the embedded PostgreSQL cannot be started
    │       └── NotPrepared     the database lacks roles, migrations or a tenant
    └── StorageFailed  *        a file of Zixly's own cannot be written or read

`str(error)` is one plain sentence; `error.advice` is the next step. Neither contains another
person's data, a secret or SQL. From a star on, the advice is for the operator of the server, as a
person at a page cannot follow it: pages show `error.next_step`.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

TELL_ADMINISTRATOR = (
    "Nothing was saved, and trying again does not help until this is fixed. Tell your "
    "administrator. The log of the server says what to do."
)


class ZixlyError(Exception):
    """Base class: a sentence for the person, and advice to act on."""

    advice: str = "Try again. If it keeps happening, contact your administrator."
    is_for_operator: ClassVar[bool] = False

    def __init__(self, sentence: str, *, advice: str | None = None) -> None:
        super().__init__(sentence)
        if advice is not None:
            self.advice = advice

    @property
    def next_step(self) -> str:
        """The next step of a person at a page: the advice, unless only the operator can act."""
        return TELL_ADMINISTRATOR if self.is_for_operator else self.advice


class AccessDenied(ZixlyError):
    advice = "Ask an administrator of your organisation for access."


class SessionEnded(AccessDenied):
    advice = "Sign in again."


class SecondFactorNeeded(AccessDenied):
    advice = "Set it up now. It takes two minutes."


class SignInRefused(ZixlyError):
    advice = "Check both and try again."


class TooManyAttempts(SignInRefused):
    advice = "Wait a few minutes and try again."


class InvalidInput(ZixlyError):
    """A value must be changed. `field` is the name of the argument or column."""

    advice = "Change the value and save again. Your other entries are kept."

    def __init__(self, sentence: str, *, field: str | None = None, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.field = field


class InvalidPeriod(InvalidInput):
    advice = "Choose a first day on or before the last day."


class InvalidCells(InvalidInput):
    """Cells of a grid must be changed. `cells` lists (row id, column, sentence) of each."""

    def __init__(self, cells: tuple[tuple[str, str, str], ...]):
        count = "One cell needs" if len(cells) == 1 else f"{len(cells):,} cells need"
        super().__init__(f"{count} to be corrected. Nothing was saved.")
        self.cells = cells


class NotFound(ZixlyError):
    advice = "Someone may have deleted it. Go back to the list."


class AlreadyExists(ZixlyError):
    """Another record of the tenant has this identifier. `field` is the argument or column."""

    advice = "Use a different value, or change the existing record."

    def __init__(self, sentence: str, *, field: str | None = None, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.field = field


class Conflict(ZixlyError):
    """Someone else saved first. `current` is the record's present version."""

    advice = "Compare both versions and choose which one to keep."

    def __init__(self, sentence: str, *, current: object, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.current = current


class FromSource(ZixlyError):
    """The record comes from a source such as Xero, whose sync alone writes it."""

    advice = "The next sync updates it in Zixly."


class PossibleDuplicates(ZixlyError):
    """Records would repeat the amounts of others in their month, and nobody has confirmed it.

    `repetitions` is a tuple of `records.possible_duplicates.Repetition`.
    """

    advice = "Confirm that these are further records, or change the amounts."

    def __init__(self, sentence: str, *, repetitions: tuple[object, ...]):
        super().__init__(sentence)
        self.repetitions = repetitions


class MonthClosed(ZixlyError):
    """The month is closed: nothing dated in it can change. `month` is its first day."""

    advice = "Choose another date, or ask an administrator to reopen it on the Close months page."

    def __init__(self, sentence: str, *, month: date, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.month = month


class StillWriting(ZixlyError):
    """Another transaction is writing the same records, or ones that this change waits for.

    Nothing was changed.
    """

    advice = "Nothing was changed. Try again in a moment."


class LimitReached(ZixlyError):
    """The user did or saved so much of something that more would harm others."""


class LinkClosed(ZixlyError):
    advice = "Request a new link."


class LastAdmin(ZixlyError):
    advice = "Make someone else an administrator first."


class NotConfirmed(ZixlyError):
    advice = "Type the name exactly as shown."


class ArchiveNotWritten(ZixlyError):
    advice = (
        "Nothing was deleted. Ask the operator of the server to free up space, to make the archive "
        "folder writable, or to choose another with ZIXLY_ARCHIVE."
    )


class MailNotSent(ZixlyError):
    advice = "Check the SMTP settings."


class DatabaseUnavailable(ZixlyError):
    advice = "Nothing was lost. Try again in a moment."


class TookTooLong(DatabaseUnavailable):
    advice = "Nothing was saved. Choose a shorter period or fewer clients, or try again later."


class NeedsOperator(DatabaseUnavailable):
    """The database cannot do its work until the operator of the server acts."""

    is_for_operator = True
    advice = "Run: python -m zixly_data doctor"


class StorageFailed(ZixlyError):
    """A file of Zixly's own cannot be written or read."""

    is_for_operator = True
    advice = "Run: python -m zixly_data doctor"


class ServerFailed(NeedsOperator):
    advice = "Check the log file for details."


class NotPrepared(NeedsOperator):
    advice = "Run: python -m zixly_data migrate"


# Errors of saving after which nothing is saved: forms and grids stay as they are, with every entry.
NOT_SAVED = (FromSource, StillWriting, TookTooLong, NeedsOperator)
