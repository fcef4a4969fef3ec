"""Acknowledged records survive, whenever the app is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.servers import prepared
from tests.support.servers.prepared import Stage
from zixly_data.database import administration, logins
from zixly_data.settings import Settings

ROOT = Path(__file__).parents[3]
# A separate app, which records amounts one after the other and prints each id once it is saved.
APP = """
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from zixly_data.database import connection
from zixly_data.operations import operator as operators
from zixly_data.records import financials
from zixly_data.values import ids
from zixly_data.tables.financials import FinancialDraft
from zixly_data.settings import Settings

server_logins = connection.open_database(Settings(home=Path(sys.argv[1]))).logins
support = operators.open_session(server_logins.admin_url, "support@zixly.com.au")
draft = FinancialDraft("ckpi_001", date(2024, 5, 17), Decimal("1.01"), Decimal("0.02"), "durable")
while True:
    row_id = ids.new_id("fin")
    financials.add(support, draft, row_id=row_id)
    print(row_id, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "enough"), [(1, 5), pytest.param(4, 200, marks=pytest.mark.nightly)]
)
def test_all_acknowledged_records_survive_kill_9_at_any_moment(
    tmp_path: Path, kills: int, enough: int
) -> None:
    """Every round kills the app while it writes; the next starts on the remaining data."""
    prepared.copy(Stage.SCENARIO, tmp_path)
    chance = random.Random(20240517)
    acknowledged: list[str] = []

    rounds = 0
    while rounds < kills or len(acknowledged) < enough:
        rounds += 1
        acknowledged += write_until_killed(tmp_path, chance.randint(5, 60), chance.random() / 50)

    server_logins = logins.open_logins(Settings(home=tmp_path))
    try:
        with administration.admin_engine(server_logins.admin_url).connect() as everyone:
            recorded = set(
                everyone.execute(
                    sa.text("select id from zixly.financials where note = 'durable'")
                ).scalars()
            )
    finally:
        server_logins.close()
    assert set(acknowledged) <= recorded
    # A row saved at the moment of a kill may not have been acknowledged: one row per round.
    assert len(recorded) <= len(acknowledged) + rounds


def write_until_killed(home: Path, count: int, moment: float) -> list[str]:
    """The ids the app acknowledged before it was killed, `moment` seconds after the last of
    `count`."""
    with subprocess.Popen(
        [sys.executable, "-c", APP, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as app:
        assert app.stdout is not None
        lines = [line.strip() for _, line in zip(range(count), app.stdout, strict=False)]
        assert len(lines) == count, "the app ended by itself"
        time.sleep(moment)
        app.kill()
        # Lines printed between the last read line and the kill were acknowledged too.
        rest = app.stdout.read().splitlines(keepends=True)
    return lines + [line.strip() for line in rest if line.endswith("\n")]
