"""A damaged page: what a page of the app and the doctor say, and what is still readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.page_damage import damage
from tests.support.servers import own_database, prepared
from tests.support.servers.command_line import CommandLineHere, Ended
from tests.support.servers.prepared import COLE, Stage
from zixly_data.errors import NeedsOperator
from zixly_data.operations import operator
from zixly_data.records import clients
from zixly_data.settings import Settings

pytestmark = pytest.mark.nightly


@pytest.fixture
def home(tmp_path: Path) -> Path:
    prepared.copy(Stage.SCENARIO, tmp_path / "home")
    return tmp_path / "home"


def tables_read(diagnosis: Ended) -> str:
    """How many tables there are in a database without damage; all of them are read."""
    assert diagnosis.returncode == 0
    read = re.search(r"(\d+) of \1 tables were read", diagnosis.stdout)
    assert read is not None
    assert int(read[1]) > 90
    return read[1]


def test_the_doctor_names_a_damaged_table_and_people_are_told(home: Path) -> None:
    doctor = CommandLineHere(home)
    tables = tables_read(doctor("doctor"))
    damage(home, "zixly.client_kpis")

    diagnosis = doctor("doctor")
    assert diagnosis.returncode == 1
    assert f"1 of {tables} tables cannot be read: zixly.client_kpis." in diagnosis.stdout
    assert "Pages are damaged in: zixly.client_kpis." in diagnosis.stdout
    assert "restore the database from a backup" in diagnosis.stdout

    with own_database.opened(Settings(home=home)) as database:
        cole = operator.open_session(database.logins.admin_url, COLE)
        with pytest.raises(NeedsOperator, match="damaged") as refused:
            clients.names(cole)
    assert "doctor" in refused.value.advice


def test_the_doctor_names_a_damaged_index_which_reading_tables_does_not_find(home: Path) -> None:
    # The planner itself reads page 0 of an index, and a table with such an index is not readable.
    doctor = CommandLineHere(home)
    tables = tables_read(doctor("doctor"))
    damage(home, "zixly.financials_pkey", page=1)
    diagnosis = doctor("doctor")
    assert diagnosis.returncode == 1
    assert f"{tables} of {tables} tables were read" in diagnosis.stdout
    assert "Pages are damaged in: zixly.financials_pkey." in diagnosis.stdout
