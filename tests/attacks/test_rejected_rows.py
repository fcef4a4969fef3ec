"""Files of which every row is rejected, made to keep the process of the pages busy.

An editor needs no more than a file of 40,000 lines. Each cause of a rejection is tried at 10,000
and at 40,000 rows: linear work takes four times as long, a walk of a column for each row sixteen
times. Measured is the processor time of the thread, the best of three, so that other processes of
the machine do not count.

What other people notice is how long the import keeps Python's lock: the processor time that its
thread takes while another thread waits to wake up.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import rejected_files
from tests.support.rejected_files import FILES
from zixly_data.imports import Action, confirm, previews, undo
from zixly_data.imports.rows.causes import Cause

pytestmark = pytest.mark.nightly

NewTeam = Callable[[], Team]
FEW, MANY = 10_000, 40_000
# Linear is 4, quadratic 16; more than 4 is what larger tables take from the processor's caches.
MOST_GROWTH = 9
MOST_HELD = 0.3


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.name)
def test_four_times_the_rejected_rows_take_no_more_than_nine_times_as_long(
    new_team: NewTeam, admin: sa.Engine, cause: Cause
) -> None:
    team = new_team()
    rejected_files.prepare(team, admin, MANY if cause in rejected_files.OF_RECORDS else 0)
    _look(team, cause, 10)
    few = min(_took(lambda: _look(team, cause, FEW)) for _ in range(3))
    many = min(_took(lambda: _look(team, cause, MANY)) for _ in range(3))
    assert many < MOST_GROWTH * few


def test_a_walk_of_a_column_for_each_row_would_be_noticed() -> None:
    def walk(rows: int) -> None:
        cells = ["x"] * rows
        for _ in range(rows):
            "y" in cells  # noqa: B015 - the walk is the point

    few, many = (min(_took(lambda n=n: walk(n)) for _ in range(3)) for n in (1_000, 4_000))  # type: ignore[misc]
    assert many > MOST_GROWTH * few


@pytest.mark.parametrize("half", [False, True], ids=["all rejected", "every second rejected"])
def test_an_import_of_rejected_rows_lets_others_go_on(
    new_team: NewTeam, admin: sa.Engine, half: bool
) -> None:
    team = new_team()
    rejected_files.prepare(team, admin)
    file = rejected_files.RejectedFile(
        FILES[Cause.UNKNOWN_CLIENT].kind,
        "client_id,date,revenue",
        lambda n: f"{'HBR' if half and n % 2 else f'NOBODY-{n}'},2024-01-{n % 28 + 1:02},{n}.00",
    )
    with _frozen(), _longest_hold() as held:
        proposal = file.propose(team, MANY)
        previews.totals(proposal)
        previews.rejection_causes(proposal)
        previews.rejections(proposal, 1_000)
        previews.rejected_file(proposal)
        assert len(proposal.rows(Action.REJECTED)) == (MANY // 2 if half else MANY)
        if half:
            undo(team.editor, confirm(team.editor, proposal, skip_rejected=True).id)
    assert max(held) < MOST_HELD


def test_a_thread_that_keeps_the_lock_would_be_noticed() -> None:
    with _longest_hold() as held:
        sum(range(200_000_000))
    assert max(held) > MOST_HELD


def _look(team: Team, cause: Cause, rows: int) -> None:
    """Make the proposal and everything that the page shows of it."""
    file = FILES[cause]
    proposal = file.propose(team, rows)
    assert len(proposal.rows(Action.REJECTED)) == rows - file.ready
    previews.totals(proposal)
    previews.rejection_causes(proposal)
    previews.rejections(proposal, 1_000)
    previews.rejected_file(proposal)


def _took(work: Callable[[], object]) -> float:
    """Seconds of this thread's processor time."""
    gc.collect()
    gc.disable()
    began = time.thread_time()
    try:
        work()
        return time.thread_time() - began
    finally:
        gc.enable()


@contextmanager
def _frozen() -> Iterator[None]:
    """The heap as in the app, which freezes the objects of its modules."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _longest_hold() -> Iterator[list[float]]:
    """Seconds of processor time that this thread took each time another one waited for its turn."""
    held: list[float] = [0.0]
    clock = time.pthread_getcpuclockid(threading.get_ident())
    over = threading.Event()

    def wait() -> None:
        while not over.is_set():
            began = time.clock_gettime(clock)
            time.sleep(0.001)
            held.append(time.clock_gettime(clock) - began)

    waiter = threading.Thread(target=wait)
    waiter.start()
    try:
        yield held
    finally:
        over.set()
        waiter.join()
