"""People fill the memory of the process with uploaded files, and leave them there.

Without the guard, a viewer's 12 files of 40 MB took 500 MB and stayed while the process ran.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import evidence
from tests.support.pages import sql
from tests.support.servers import window
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from tests.support.servers.window import body

pytestmark = pytest.mark.nightly

MB = 1 << 20
LARGE = body(b"a" * (40 * MB))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[LiveApp]:
    with running(tmp_path, SCENARIO_TODAY) as live_app:
        yield live_app


def memory(app: LiveApp) -> int:
    """The resident memory of the app's process in MB."""
    status = Path(f"/proc/{app.process_id}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def test_a_viewer_parks_nothing(app: LiveApp) -> None:
    with window.opened(app, app.open_session(VERA)) as viewer:
        before = memory(app)
        answers = Counter(viewer.put(LARGE, f"file-{number}")[0] for number in range(12))
        after = memory(app)
    evidence.keep(f"{answers}; {before} MB before, {after} MB after", "viewer.txt")
    assert answers == {403: 12}
    assert after - before < 40, "not one file is held"


def test_an_editor_parks_two_files_for_a_minute(app: LiveApp) -> None:
    secret = app.open_session(SUPPORT)
    with ExitStack() as stack:
        windows = [stack.enter_context(window.opened(app, secret)) for _ in range(3)]
        before = memory(app)
        answers = Counter(
            windows[number % 3].put(LARGE, f"file-{number}")[0] for number in range(12)
        )
        after = memory(app)
        evidence.keep(f"{answers}; {before} MB before, {after} MB after", "editor.txt")
        assert answers == {204: 2, 429: 10}
        assert after - before < 200
    with window.opened(app, secret) as another:
        assert another.put(LARGE)[0] == 429, "the windows are closed, the files still count"
        time.sleep(62)
        assert another.put(LARGE, "a")[0] == 204
        assert another.put(LARGE, "b")[0] == 204, "all of the room is there again"


def test_many_at_once_stay_within_the_room_of_the_process(app: LiveApp) -> None:
    with ExitStack() as stack:
        windows = [
            stack.enter_context(window.opened(app, app.open_session(email)))
            for email in (SUPPORT, COLE)
        ]
        before = memory(app)
        with ThreadPoolExecutor(16) as senders:
            answers = Counter(
                senders.map(
                    lambda number: windows[number % 2].put(LARGE, f"file-{number}")[0], range(32)
                )
            )
        after = memory(app)
    evidence.keep(f"{answers}; {before} MB before, {after} MB after", "many.txt")
    assert set(answers) == {204, 429}
    assert answers[204] == 4, "two files of each person"
    assert after - before < 400


def test_a_file_does_not_outlive_a_permission_by_more_than_a_minute(app: LiveApp) -> None:
    secret = app.open_session(SUPPORT)
    with window.opened(app, secret) as editor:
        before = memory(app)
        assert editor.put(LARGE, "a")[0] == 204
        assert editor.put(LARGE, "b")[0] == 204
        sql(app, "update zixly.users set status = 'INACTIVE' where email = :email", email=SUPPORT)
        assert editor.put(LARGE, "c")[0] == 401
        assert memory(app) - before > 60, "positive control: the files are held"
        time.sleep(62)
        assert memory(app) - before < 40, "and now they are gone"
