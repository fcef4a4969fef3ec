"""The conventions hold, and each would name an offence.

The first test checks the migrated database. The second breaks each convention, in a transaction
that is rolled back, and expects exactly that violation.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.database import conventions, entered_columns, grants, policies
from tests.support.database.offences import OFFENCES, Convention
from zixly_data.database.administration import run_script

ALL: tuple[Convention, ...] = (
    *conventions.CONVENTIONS,
    *policies.CONVENTIONS,
    *grants.CONVENTIONS,
    *entered_columns.CONVENTIONS,
)


@pytest.mark.parametrize("convention", ALL, ids=lambda c: c.__name__)
def test_the_database_keeps(admin: sa.Engine, convention: Convention) -> None:
    with admin.connect() as superuser:
        assert convention(superuser) == []


@pytest.mark.parametrize(
    ("convention", "offence", "noticed"),
    OFFENCES,
    ids=[f"{convention.__name__}-{n}" for n, (convention, _, _) in enumerate(OFFENCES)],
)
def test_the_convention_would_notice(
    admin: sa.Engine, convention: Convention, offence: str, noticed: list[str]
) -> None:
    with admin.connect() as superuser:
        run_script(superuser, "set local search_path = public")
        run_script(superuser, offence)
        assert convention(superuser) == noticed
        superuser.rollback()


def test_every_convention_has_a_planted_offence() -> None:
    assert {convention for convention, _, _ in OFFENCES} == set(ALL)
