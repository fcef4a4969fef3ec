"""An import of an app that is killed is there whole, or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, imported, proposed
from zixly_data.database.connection import Database
from zixly_data.imports import Kind, list_imports, undo

ROOT = Path(__file__).parents[3]
# An app of its own, in the middle of an import: says how far it is, row by few rows.
APP = """
import sys
from pathlib import Path
from zixly_data import imports
from zixly_data.database import connection
from zixly_data.imports import Kind, confirming
from zixly_data.settings import Settings

home, url, secret, file = sys.argv[1:]
connection.open_database(Settings(home=Path(home), database_url=url or None))
identity = connection.identify(secret)
confirming.ROWS_AT_ONCE = 100
opened = imports.open_file(file, Path(file).read_bytes())
mapping = imports.suggest(identity, Kind.FINANCIALS, opened.tables[0])
proposal = imports.propose(identity, Kind.FINANCIALS, opened, mapping)
imports.confirm(identity, proposal, progress=lambda done, rows: print(done, flush=True))
print("confirmed", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("row_count", "rounds", "seed"),
    [(1000, 2, 20240909), pytest.param(1500, 4, 20240901, marks=pytest.mark.nightly)],
)
def test_a_confirm_that_is_killed_leaves_all_or_none(
    new_team: Callable[[], Team], database: Database, admin: sa.Engine, tmp_path: Path,
    row_count: int, rounds: int, seed: int,
) -> None:  # fmt: skip
    team = new_team()
    books.client(team, "Harbour")
    head = "client_name,record_date,revenue,note\n"
    text = head + "".join(f"Harbour,2024-01-01,{n}.00,row {n}\n" for n in range(row_count))
    file = tmp_path / "file.csv"
    file.write_text(text)
    chance = random.Random(seed)
    address = database.settings.database_url
    url = address.get_secret_value() if address else ""
    before = books_of(team.editor)
    ended = set()
    # The last round is let go until it has said that it is done.
    moments = [chance.randint(0, row_count // 100) * 100 for _ in range(rounds - 1)]
    for moment in [*moments, None]:
        said = write_until_killed(
            moment, chance.random() / 50, str(database.settings.home), url,
            team.editor.secret, str(file),
        )  # fmt: skip
        wait_until_nobody_writes(admin)
        found = books_of(team.editor)
        if found == before:
            assert "confirmed" not in said
            assert not list_imports(team.editor)["undone_at"].isna().any()
            assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "N" * row_count
            ended.add("none")
            continue
        assert len(found["financials"]) == row_count
        done = list_imports(team.editor)
        assert list(done["added"][done["undone_at"].isna()]) == [row_count]
        assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "U" * row_count
        undo(team.editor, done["id"][0])
        ended.add("all")
    assert ended == {"all", "none"}
    # Whatever the dead held is free again.
    imported(team.editor, Kind.FINANCIALS, text)


def wait_until_nobody_writes(admin: sa.Engine) -> None:
    """The server may be about to commit what the app told it to before it was killed."""
    busy = sa.text("""
        select count(*) from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
    """)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with admin.connect() as asked:
            if not asked.execute(busy).scalar_one():
                return
        time.sleep(0.02)
    pytest.fail("somebody is still writing")


def write_until_killed(moment: int | None, pause: float, *arguments: str) -> list[str]:
    """What the app said before it was killed, a little after it had written `moment` rows; None:
    after it had confirmed."""
    with subprocess.Popen(
        [sys.executable, "-c", APP, *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as app:  # fmt: skip
        assert app.stdout is not None
        said = []
        for line in app.stdout:
            said.append(line.strip())
            if line.strip() == ("confirmed" if moment is None else str(moment)):
                break
        else:
            pytest.fail("the app ended by itself")
        time.sleep(pause)
        app.kill()
        return said + app.stdout.read().split()
