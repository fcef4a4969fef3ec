"""Everything that can go wrong on purpose, and what a person can do about it.

    ZixlyError
    ├── AccessDenied            the role does not allow it
    │   ├── SessionEnded        the session is unknown, expired, revoked, or its user inactive
    │   └── SecondFactorNeeded  the organisation demands one, and the person has not set it up yet
    ├── SignInRefused           email and password do not match
    │   └── TooManyAttempts     wait before the next attempt
    ├── InvalidInput            a value must be changed; `field` names it
    │   ├── InvalidPeriod       a period ends before it starts, or is unknown
    │   └── InvalidCells        cells of a grid must be changed; `cells` names each of them
    ├── NotFound                the record is not there (any more)
    ├── AlreadyExists           another record has this identifier; `field` names it
    ├── Conflict                someone else changed the record first; `current` is their version
    ├── MonthClosed             an ADMIN closed the month; nothing dated in it changes
    ├── StillWriting            others are writing the same, or what this waits for
    ├── LinkClosed              an invitation or password link was used, withdrawn or is too old
    ├── LastAdmin               nobody could manage the team any more
    ├── NotConfirmed            a deletion was not confirmed by typing the name
    ├── ArchiveNotWritten       what has to be kept of somebody could not be put on disk
    ├── MailNotSent             the mail server did not take a letter
    ├── DatabaseUnavailable     the database cannot be reached just now
    │   └── TookTooLong         it can, and had not answered when its time was up
    ├── ServerFailed            the embedded PostgreSQL cannot be started
    └── NotPrepared             the database lacks roles, migrations or a tenant

`str(error)` is one plain sentence for the person at the page; `error.advice` says what to do.
Neither ever quotes another person's data, a secret or SQL.
"""

from __future__ import annotations

from datetime import date


class ZixlyError(Exception):
    """The root: a sentence for the person, and advice to act on."""

    advice: str = "Try again; if it keeps happening, ask your administrator."

    def __init__(self, sentence: str, *, advice: str | None = None) -> None:
        super().__init__(sentence)
        if advice is not None:
            self.advice = advice


class AccessDenied(ZixlyError):
    advice = "Ask an administrator of your organisation if you need this."


class SessionEnded(AccessDenied):
    advice = "Sign in again."


class SecondFactorNeeded(AccessDenied):
    advice = "Set it up now; it takes two minutes."


class SignInRefused(ZixlyError):
    advice = "Check the email address and the password."


class TooManyAttempts(SignInRefused):
    advice = "Wait a few minutes, then try again."


class InvalidInput(ZixlyError):
    """A value must be changed. `field` is the name of the argument or column."""

    advice = "Change the value and save again; nothing else you typed is lost."

    def __init__(self, sentence: str, *, field: str | None = None, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.field = field


class InvalidPeriod(InvalidInput):
    advice = "Choose a first day that is not after the last day."


class InvalidCells(InvalidInput):
    """Cells of a grid must be changed: of each the row's id, the column, and a sentence."""

    def __init__(self, cells: tuple[tuple[str, str, str], ...]):
        count = "One cell has" if len(cells) == 1 else f"{len(cells):,} cells have"
        super().__init__(f"{count} to be changed; nothing was saved.")
        self.cells = cells


class NotFound(ZixlyError):
    advice = "It may have been deleted by someone else. Go back to the list."


class AlreadyExists(ZixlyError):
    """Another record of the tenant has this identifier. `field` names it."""

    advice = "Use another identifier, or change the existing record."

    def __init__(self, sentence: str, *, field: str | None = None, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.field = field


class Conflict(ZixlyError):
    """Someone else saved first. `current` is the record as it stands now."""

    advice = "Compare both versions and choose which one to keep."

    def __init__(self, sentence: str, *, current: object, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.current = current


class MonthClosed(ZixlyError):
    """Nothing dated in this month changes. `month` is its first day."""

    advice = "Choose another date, or ask an administrator to reopen it on the page Months."

    def __init__(self, sentence: str, *, month: date, advice: str | None = None):
        super().__init__(sentence, advice=advice)
        self.month = month


class StillWriting(ZixlyError):
    """Others are writing the same records, or what this has to wait for; nothing was changed."""

    advice = "Nothing was changed. Try again in a moment."


class LinkClosed(ZixlyError):
    advice = "Ask for a new link."


class LastAdmin(ZixlyError):
    advice = "Make somebody else an administrator first."


class NotConfirmed(ZixlyError):
    advice = "Type the name exactly as shown."


class ArchiveNotWritten(ZixlyError):
    advice = (
        "Nothing was deleted. Whoever looks after Zixly can make the archive's folder writable, "
        "or name another with ZIXLY_ARCHIVE."
    )


class MailNotSent(ZixlyError):
    advice = "Check the SMTP settings."


class DatabaseUnavailable(ZixlyError):
    advice = "Nothing was lost. Try again in a moment."


class TookTooLong(DatabaseUnavailable):
    advice = "Nothing was saved. Choose a shorter period or fewer clients, or try again later."


class ServerFailed(ZixlyError):
    advice = "Look at the log file it names."


class NotPrepared(ZixlyError):
    advice = "Run: python -m zixly_data migrate"
