"""GET /healthz: which part is down, and nothing more, however many ask and whatever hangs."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from tests.support.servers.asgi import in_event_loop
from tests.support.servers.live_app import LiveApp
from tests.zixly_ui.http.test_session_routes import ask
from zixly_data.database import administration
from zixly_ui.http.health_route import SharedQuestion


def test_it_says_that_all_parts_are_up(live_app: LiveApp) -> None:
    status, headers, text = ask(live_app, "GET", "/healthz")
    assert (status, json.loads(text)) == (200, {"pages": "up", "database": "up"})
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers
    assert ask(live_app, "HEAD", "/healthz")[0] == 200
    assert ask(live_app, "GET", "/healthz", Host="10.1.2.3:8501")[0] == 200


def test_it_says_that_the_database_is_down(live_app: LiveApp) -> None:
    with live_app.without_database():
        status, _, text = _second_answer(live_app, 503)
        assert (status, json.loads(text)) == (503, {"pages": "up", "database": "down"})
        assert ask(live_app, "GET", "/_stcore/health")[0] == 200, "the pages are up"
    assert _second_answer(live_app, 200)[0] == 200, "and up again without a restart"


def _second_answer(app: LiveApp, expected: int) -> tuple[int, dict[str, str], str]:
    """The answer once it is `expected`: until a second is over, the previous one is shared."""
    for _ in range(50):
        answer = ask(app, "GET", "/healthz")
        if answer[0] == expected:
            break
        threading.Event().wait(0.1)
    return answer


def test_a_full_pool_does_not_hide_a_database_that_answers(live_app: LiveApp) -> None:
    """The app has one connection for pages, and one more under load; both wait for a lock."""
    engine = administration.admin_engine(live_app.admin_url)
    waiting = sa.text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
    with ThreadPoolExecutor(4) as threads:
        with engine.begin() as admin:
            admin.execute(sa.text("lock table zixly.sessions"))
            answers = [
                threads.submit(ask, live_app, "GET", "/media/x", Cookie="zixly_session=waits")
                for _ in range(4)
            ]
            deadline = time.monotonic() + 8
            while time.monotonic() < deadline:
                # PostgreSQL shows a transaction the same activity as long as it lasts.
                with engine.begin() as watching:
                    if watching.execute(waiting).scalar_one() >= 2:
                        break
                threading.Event().wait(0.05)
            assert time.monotonic() < deadline, "both connections wait"
            assert _second_answer(live_app, 200)[0] == 200
            assert not any(answer.done() for answer in answers), "they wait"
        assert {answer.result()[0] for answer in answers} == {401}
    engine.dispose()


# ── the shared question ─────────────────────────────────────────────────────────────────────────
def test_a_thousand_requests_are_one_question() -> None:
    asked: list[str] = []

    def count() -> bool:
        asked.append(threading.current_thread().name)
        return True

    async def many() -> list[bool]:
        question = SharedQuestion(count, longest=60)
        together = await asyncio.gather(*(question.answer() for _ in range(1_000)))
        return [*together, await question.answer()]

    assert in_event_loop(many()) == [True] * 1_001
    assert asked == ["health"]


def test_an_old_answer_is_asked_for_again() -> None:
    answers = iter([True, False])

    async def twice() -> list[bool]:
        question = SharedQuestion(lambda: next(answers), longest=0.2)
        return [await question.answer(), await asyncio.sleep(0.3), await question.answer()][::2]

    assert in_event_loop(twice()) == [True, False]


def test_a_database_that_hangs_is_down_and_costs_one_thread() -> None:
    hangs, asked = threading.Event(), []

    def hang() -> bool:
        asked.append(1)
        return hangs.wait(60)

    async def wait() -> list[bool]:
        question = SharedQuestion(hang, longest=0.05)
        answers = [await question.answer() for _ in range(5)]
        answers += await asyncio.gather(*(question.answer() for _ in range(100)))
        assert asked == [1]
        hangs.set()
        while not answers[-1]:
            answers.append(await question.answer())
        return answers

    answers = in_event_loop(wait())
    assert answers[:105] == [False] * 105
    assert answers[-1] is True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_question_that_fails_is_answered_with_no() -> None:
    def fail() -> bool:
        raise RuntimeError("unforeseen")

    async def twice() -> list[bool]:
        question = SharedQuestion(fail, longest=0.05)
        return [await question.answer(), await question.answer()]

    assert in_event_loop(twice()) == [False, False]
