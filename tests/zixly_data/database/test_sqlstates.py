"""Each error code of PostgreSQL has a considered answer: the error, a sentence, the next step."""

from __future__ import annotations

import psycopg
import psycopg.errors
import pytest

from zixly_data.database import refusals, sqlstates
from zixly_data.errors import (
    NOT_SAVED,
    DatabaseUnavailable,
    NeedsOperator,
    NotPrepared,
    StillWriting,
    TookTooLong,
    ZixlyError,
)

ALL_CODES = sorted(
    {error.sqlstate for error in psycopg.errors._sqlcodes.values() if error.sqlstate}
)
# Only a fault of our own statements causes these. They say "The database rejected this request".
OF_THE_PROGRAM = {
    "02", "03", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "23", "24", "25",
    "26", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "42", "44", "55", "HV", "P0",
}  # fmt: skip
WAITING_HELPS = {"08000", "08001", "08003", "08004", "08006", "53300", "57P01", "57P02", "57P03"}
OPERATOR_ACTS = {
    "25006": "primary server",
    "53000": "doctor",
    "53100": "Free up space",
    "53200": "memory",
    "53400": "temp_file_limit",
    "57P04": "backup",
    "58000": "disk",
    "58030": "disk",
    "58P01": "backup",
    "F0000": "Correct the file",
    "XX000": "doctor",
    "XX001": "restore the database from a backup",
    "XX002": "restore the database from a backup",
}


def translated(code: str) -> ZixlyError:
    return refusals.translate(psycopg.errors.lookup(code)())


def test_every_class_of_codes_is_considered() -> None:
    considered = {code[:2] for code in sqlstates.MEANINGS} | OF_THE_PROGRAM
    assert {code[:2] for code in ALL_CODES} - considered == set()
    assert len(ALL_CODES) > 200


@pytest.mark.parametrize("code", sorted(WAITING_HELPS))
def test_waiting_is_advised_only_where_it_helps(code: str) -> None:
    error = translated(code)
    assert isinstance(error, DatabaseUnavailable)
    assert not isinstance(error, NeedsOperator | TookTooLong)
    assert error.next_step == "Nothing was lost. Try again in a moment."


@pytest.mark.parametrize(("code", "advice"), OPERATOR_ACTS.items())
def test_what_only_the_operator_can_end_says_what_to_do_and_whom_to_tell(
    code: str, advice: str
) -> None:
    error = translated(code)
    assert isinstance(error, NeedsOperator)
    assert advice in error.advice
    assert "Tell your administrator" in error.next_step
    assert "in a moment" not in f"{error} {error.next_step} {error.advice}"
    assert isinstance(error, NOT_SAVED)


def test_no_other_code_is_taken_for_a_database_that_comes_back() -> None:
    away = {c for c in ALL_CODES if type(translated(c)) is DatabaseUnavailable}
    assert away == {c for c in ALL_CODES if c[:2] in ("08", "57")} - {
        "57014", "57P04"
    } | {"26000", "53300"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('FATAL:  could not write init file: No space left on device', NeedsOperator),
        ('FATAL:  invalid page in block 0 of relation "global/1260"', NeedsOperator),
        ('FATAL:  could not open file "global/pg_filenode.map": No such file', NeedsOperator),
        ('FATAL:  password authentication failed for user "zixly_app"', NotPrepared),
        ('FATAL:  database "zixly" does not exist', NotPrepared),
        ("FATAL:  no pg_hba.conf entry for host", NotPrepared),
        ("FATAL:  sorry, too many clients already", DatabaseUnavailable),
        ("FATAL:  the database system is starting up", DatabaseUnavailable),
        ("FATAL:  ein unbekannter Fehler", DatabaseUnavailable),
        ("connection refused", DatabaseUnavailable),
    ],
)  # fmt: skip
def test_a_refused_connection_has_only_a_text(text: str, kind: type[ZixlyError]) -> None:
    assert type(refusals.translate(psycopg.OperationalError(text))) is kind


def test_others_at_work_and_time_limits_keep_their_words() -> None:
    assert isinstance(translated("40001"), StillWriting)
    assert isinstance(translated("55P03"), StillWriting)
    assert isinstance(translated("57014"), TookTooLong)
    assert "code 42601" in str(translated("42601"))
