"""A disk that becomes full: under the whole database, under its log (WAL), and under our own files.

Each disk is a small tmpfs, which only root can mount. "Acknowledged" rows are those whose save
returned: they must all be there afterwards, and no others.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.support.servers import own_database, prepared
from tests.support.servers.command_line import CommandLineHere
from tests.support.servers.prepared import COLE, Stage
from zixly_data.database import connection
from zixly_data.errors import DatabaseUnavailable, NeedsOperator, ServerFailed, StorageFailed
from zixly_data.exports import exported_file, record_files
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.records import clients
from zixly_data.settings import Settings

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk"),
]
_ROWS = 500


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Use up the disk; the returned file gives the space back when it is deleted."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            return ballast


class Saving:
    """Saves many records at a time and remembers what was acknowledged."""

    def __init__(self, cole: Identity) -> None:
        self.cole = cole
        self.client: str = clients.names(cole)["id"].iloc[0]
        self.acknowledged = 0

    def __call__(self) -> None:
        with connection.scoped(self.cole) as writing:
            writing.execute(
                sa.text(
                    "insert into financials (id, client_kpi_id, record_date, revenue, expenses,"
                    " note) select 'disk-' || :first + n, :client, '2021-05-05', 1, 1,"
                    " repeat(md5(random()::text), 6) from generate_series(1, :rows) as n"
                ),
                {"first": self.acknowledged, "client": self.client, "rows": _ROWS},
            )
        self.acknowledged += _ROWS

    def until_refused(self) -> DatabaseUnavailable:
        for _ in range(400):
            try:
                self()
            except DatabaseUnavailable as error:
                return error
        pytest.fail("the disk never became full")

    def stored(self) -> int:
        with connection.scoped(self.cole) as reading:
            query = sa.text("select count(*) from financials where id like 'disk-%'")
            return int(reading.execute(query).scalar_one())


def test_a_full_disk_loses_nothing_says_what_to_do_and_ends_with_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "home", 200) as home:
        prepared.copy(Stage.SCENARIO, home)
        with own_database.opened(Settings(home=home)) as database:
            save = Saving(operator.open_session(database.logins.admin_url, COLE))
            save()
            ballast = fill(home)
            refused = save.until_refused()
            assert isinstance(refused, NeedsOperator)
            assert str(refused) == "The disk of the database is full."
            assert "Free up space" in refused.advice
            assert save.stored() == save.acknowledged, "reading works, and nothing is half saved"
            diagnosis = CommandLineHere(home)("doctor")
            assert diagnosis.returncode == 1
            assert "Free up space: the database stops when the disk is full." in diagnosis.stdout
            assert "cannot write to the data folder" in diagnosis.stdout
            ballast.unlink()
            save()
            assert save.stored() == save.acknowledged


def test_a_full_disk_of_the_log_stops_the_server_and_loses_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    prepared.copy(Stage.SCENARIO, home)
    log = home / "postgres/cluster/data/pg_wal"
    with small_disk(tmp_path / "log", 100) as disk:
        subprocess.run(["cp", "-a", f"{log}/.", str(disk)], check=True)
        subprocess.run(["rm", "-r", str(log)], check=True)
        log.symlink_to(disk)
        with own_database.opened(Settings(home=home)) as database:
            save = Saving(operator.open_session(database.logins.admin_url, COLE))
            save()
            ballast = fill(disk)
            save.until_refused()
            failed = _until_failed(save)
            assert "did not start: the disk is full" in str(failed)
            assert "Free up space" in failed.advice
            assert "Tell your administrator" in failed.next_step
            ballast.unlink()
            assert save.stored() == save.acknowledged
            save()
            assert save.stored() == save.acknowledged


def _until_failed(save: Saving) -> ServerFailed:
    """What people meet after the server has stopped: it cannot start on a full disk."""
    started = time.monotonic()
    while time.monotonic() - started < 120:
        try:
            save.stored()
        except ServerFailed as error:
            return error
        except DatabaseUnavailable:
            time.sleep(0.2)
    pytest.fail("the server is still running on a full disk")


def test_a_file_for_a_person_that_does_not_fit_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    prepared.copy(Stage.SCENARIO, home)
    monkeypatch.setattr(exported_file, "_MEMORY_LIMIT", 100)
    rows = record_files.Rows(record_files.Table.FINANCIALS)
    with (
        own_database.opened(Settings(home=home)) as embedded,
        small_disk(tmp_path / "own", 1) as own,
    ):
        admin_url = embedded.logins.admin_url
        (own / "logins.json").write_bytes((home / "logins.json").read_bytes())
        settings = Settings(home=own, database_url=SecretStr(admin_url))
        with own_database.opened(settings):
            cole = operator.open_session(admin_url, COLE)
            ballast = fill(own)
            with pytest.raises(StorageFailed, match="the disk is full") as refused:
                record_files.write(cole, rows)
            assert "Free up space" in refused.value.advice
            ballast.unlink()
            assert record_files.write(cole, rows).rows > 0
