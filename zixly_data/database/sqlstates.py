"""What each of PostgreSQL's error codes means for people: the error, a sentence and the next step.

A code that is not listed counts as its class, the first two characters. A refused connection has no
code, only a text, from which `code_of_text` finds it. That text is in English on the embedded
server, and on others in the language of their `lc_messages`: an unknown text means that the
database is unavailable.
"""

from __future__ import annotations

from dataclasses import dataclass

from zixly_data.errors import (
    AccessDenied,
    DatabaseUnavailable,
    InvalidInput,
    LimitReached,
    NeedsOperator,
    NotPrepared,
    SecondFactorNeeded,
    SessionEnded,
    StillWriting,
    TookTooLong,
    TooManyAttempts,
    ZixlyError,
)

NOT_STORABLE = "A value contains characters that cannot be saved."
_UNAVAILABLE = "The database is unavailable at the moment."
_DOCTOR = "Run: python -m zixly_data doctor"


@dataclass(frozen=True)
class Meaning:
    """The error to raise. Without advice, the error's own applies."""

    kind: type[ZixlyError]
    sentence: str
    advice: str | None = None

    def error(self) -> ZixlyError:
        return self.kind(self.sentence, advice=self.advice)


_AWAY = Meaning(DatabaseUnavailable, _UNAVAILABLE)
_BUSY = Meaning(DatabaseUnavailable, "Zixly is very busy at the moment.")
_DAMAGED = Meaning(
    NeedsOperator,
    "The database is damaged.",
    "Run python -m zixly_data doctor, which names the damaged tables. Stop Zixly, keep a copy of "
    "the data folder, check the disk, and restore the database from a backup.",
)
_FULL = Meaning(
    NeedsOperator,
    "The disk of the database is full.",
    "Free up space on the disk of the database. Zixly then continues without a restart.",
)
_BROKEN_DISK = Meaning(
    NeedsOperator,
    "The database cannot read or write its files.",
    f"Check the disk and the permissions of the database's folder. {_DOCTOR}",
)
_TOO_LARGE = Meaning(
    InvalidInput,
    "This is too large for the database.",
    "Shorten the text, or choose fewer rows, and try again.",
)
_TOOK_TOO_LONG = Meaning(TookTooLong, "The database took too long to answer.")
_CONFLICTING = Meaning(
    StillWriting,
    "Someone else was saving the same records at the same time.",
    "Nothing was saved. Try again.",
)
_OUTDATED = Meaning(NotPrepared, "The database is not up to date.")
_NO_LOGIN = Meaning(NotPrepared, "The database rejected Zixly's login.")

MEANINGS = {
    # Zixly's own.
    "ZX001": Meaning(TooManyAttempts, "There were too many failed sign-in attempts."),
    "ZX011": Meaning(
        LimitReached, "You have downloaded too many files.", "Wait a while and try again."
    ),
    "ZX012": Meaning(LimitReached, "You already have 200 saved views.", "Delete one first."),
    "ZX004": Meaning(SecondFactorNeeded, "Your organisation requires two-step sign-in."),
    # Values.
    "22": Meaning(InvalidInput, NOT_STORABLE),
    "22003": Meaning(
        InvalidInput,
        "An amount is too large. It can have up to 12 digits before the decimal point.",
    ),
    "54": _TOO_LARGE,
    # Others at work.
    "40": _CONFLICTING,
    "55P03": Meaning(
        StillWriting, "Someone else is still saving these records, perhaps with an import."
    ),
    "72": _CONFLICTING,
    "55006": Meaning(StillWriting, "Someone else is still using these records."),
    # Time limits.
    "25P03": _TOOK_TOO_LONG,
    "25P04": _TOOK_TOO_LONG,
    "57014": _TOOK_TOO_LONG,
    # Rights and set-up.
    "28": Meaning(NotPrepared, "The database rejected the password of Zixly's login.", _DOCTOR),
    "28000": Meaning(SessionEnded, "Your session has ended."),
    "42501": Meaning(AccessDenied, "Your role does not allow this."),
    "42P01": _OUTDATED,
    "42883": _OUTDATED,
    "3F": _OUTDATED,
    "3D": Meaning(
        NotPrepared,
        "The database of Zixly does not exist.",
        "Check the name at the end of DATABASE_URL, or restore the database from a backup.",
    ),
    # The database goes away and comes back.
    "08": _AWAY,
    # A plan of this connection is gone; it is replaced.
    "26": _AWAY,
    "53300": _BUSY,
    "57": _AWAY,
    # The database stays as it is until its operator acts.
    "25006": Meaning(
        NeedsOperator,
        "The database is read-only.",
        "Use the address of the primary server, not of a replica. If the server was set to "
        "read-only because its disk is full, free up space and switch this off.",
    ),
    "53": Meaning(
        NeedsOperator,
        "The database has reached a limit of its server.",
        f"Check the log of the database. {_DOCTOR}",
    ),
    "53100": _FULL,
    "53200": Meaning(
        NeedsOperator,
        "The server of the database is out of memory.",
        "Free up or add memory, or stop other programs on the database's server.",
    ),
    "53400": Meaning(
        NeedsOperator,
        "The database has reached a limit in its configuration.",
        "Raise the limit that the log of the database names, for example temp_file_limit.",
    ),
    "57P04": Meaning(
        NeedsOperator, "The database was deleted.", "Restore the database from a backup."
    ),
    "58": _BROKEN_DISK,
    "58P01": _DAMAGED,
    "F0": Meaning(
        NeedsOperator,
        "The configuration of the database is not valid.",
        "Correct the file that the log of the database names.",
    ),
    "XX": Meaning(
        NeedsOperator,
        "The database reported a fault of its own.",
        f"Check the log of the database. {_DOCTOR}",
    ),
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}

_TEXTS = (
    ("No space left on device", "53100"),
    ("Disk quota exceeded", "53100"),
    ("invalid page in block", "XX001"),
    ("Read-only file system", "58030"),
    ("Input/output error", "58030"),
    ("could not open file", "58030"),
    ("could not read", "58030"),
    ("out of memory", "53200"),
    ("too many", "53300"),
    ("remaining connection slots", "53300"),
    ("starting up", "57P03"),
    ("shutting down", "57P03"),
    ("recovery mode", "57P03"),
    ("not yet accepting connections", "57P03"),
)
_LOGIN_REFUSED = (
    "password authentication failed",
    '" does not exist',
    "not permitted to log in",
    "no pg_hba.conf entry",
)


def meaning(code: str) -> Meaning | None:
    """Return the meaning of a code, or None if only a fault of the program causes it."""
    return MEANINGS.get(code) or MEANINGS.get(code[:2])


def meaning_of_text(text: str) -> Meaning:
    """Return the meaning of an error of the connection, which has no code."""
    for part, code in _TEXTS:
        if part in text:
            return meaning(code) or _AWAY
    if any(part in text for part in _LOGIN_REFUSED):
        return _NO_LOGIN
    return _AWAY
