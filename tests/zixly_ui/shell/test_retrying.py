"""Waiting for the database: only where waiting helps."""

from __future__ import annotations

import logging
import time

import pytest

from zixly_data.errors import (
    DatabaseUnavailable,
    NeedsOperator,
    NotPrepared,
    ServerFailed,
    TookTooLong,
    ZixlyError,
)
from zixly_ui.shell import errors, retrying


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.mark.parametrize("kind", [NeedsOperator, ServerFailed, NotPrepared, TookTooLong])
def test_what_waiting_does_not_end_is_shown_at_once(
    waits: list[float], kind: type[ZixlyError]
) -> None:
    def fails() -> None:
        raise kind("The disk of the database is full.")

    with pytest.raises(kind):
        retrying.retry(fails)
    with pytest.raises(kind):
        retrying.run_page(fails, fails)
    assert waits == []


def test_a_database_that_comes_back_is_waited_for(waits: list[float]) -> None:
    attempts = iter([DatabaseUnavailable("away"), DatabaseUnavailable("away"), None])

    def answers() -> str:
        if error := next(attempts):
            raise error
        return "saved"

    assert retrying.retry(answers) == "saved"
    assert waits == [1, 1]


def test_people_are_told_whom_to_tell_and_the_log_what_to_do(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_noted", {})
    full = NeedsOperator("The disk of the database is full.", advice="Free up space.")
    with caplog.at_level(logging.ERROR):
        texts = {errors.message(full) for _ in range(1_000)}
    assert len(texts) == 1
    assert "Tell your administrator" in texts.pop()
    assert [record.getMessage() for record in caplog.records] == [
        "The disk of the database is full. Free up space."
    ]


def test_a_person_does_not_read_the_paths_of_the_server() -> None:
    failed = ServerFailed("PostgreSQL did not start. See /srv/zixly/server.log.")
    assert "/srv" not in errors.message(failed)
    assert "/srv" not in errors.sentence(failed)
