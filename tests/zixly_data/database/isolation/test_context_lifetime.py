"""A signed context ends with its transaction, however transactions follow each other."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from tests.support.database.attacks import Intruder, intruder
from zixly_data.database.connection import Database
from zixly_data.identity import Identity

PRESENT = "select app.present('{secret}'); "
KEEP = "select set_config('kept.context', current_setting('app.context'), false); "
USE = (
    "set local role zixly_viewer; "
    "select set_config('app.context', current_setting('kept.context'), true); "
    "select count(*) from zixly.client_kpis"
)
# Several transactions of one message, which begin at the same time.
IN_ONE_MESSAGE = [
    f"begin; {PRESENT}{KEEP}commit; begin; {USE}",
    f"begin; {PRESENT}{KEEP}commit; select pg_sleep(0.01); begin; {USE}",
    f"begin; {PRESENT}{KEEP}commit and chain; {USE}",
    f"begin; {PRESENT}{KEEP}rollback and chain; {USE}",
    f"begin; {PRESENT}{KEEP}commit; {USE}",
    f"{PRESENT}{KEEP}commit; begin; {USE}",
    f"select 1; commit; begin; {PRESENT}{KEEP}commit; begin; {USE}",
    f"begin isolation level repeatable read; {PRESENT}{KEEP}commit; begin; {USE}",
    "do $$ begin perform app.present('{secret}');"
    " perform set_config('kept.context', current_setting('app.context'), false); end $$;"
    f" commit; begin; {USE}",
    "do $$ begin commit; perform app.present('{secret}');"
    " perform set_config('kept.context', current_setting('app.context'), false); commit;"
    " perform set_config('app.context', current_setting('kept.context'), true);"
    " set local role zixly_viewer; perform count(*) from zixly.client_kpis; end $$",
]
SOONER = "interval '15 minutes'", "interval '50 milliseconds'"


@pytest.fixture
def vera_intrudes(database: Database, vera: Identity) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, vera) as somebody:
        yield somebody


@pytest.mark.parametrize("message", IN_ONE_MESSAGE)
def test_a_later_transaction_of_the_same_message(vera_intrudes: Intruder, message: str) -> None:
    vera_intrudes.connection.autocommit = True
    expected: tuple[type[psycopg.Error], ...]
    expected = (psycopg.errors.InvalidAuthorizationSpecification,)
    if message.startswith("do "):
        # `migrate` as a superuser takes plpgsql away as well.
        expected = (*expected, psycopg.errors.InsufficientPrivilege)
    with pytest.raises(expected):
        vera_intrudes.run(message.replace("{secret}", vera_intrudes.identity.secret))
    vera_intrudes.connection.rollback()


@pytest.mark.parametrize(
    "between", ["commit; begin; ", "commit and chain; ", "commit; begin; commit; begin; "]
)
def test_a_transaction_that_began_in_an_earlier_message(
    vera_intrudes: Intruder, between: str
) -> None:
    """The context of the last transaction of a message ends with it; until then it is valid."""
    vera_intrudes.connection.autocommit = True
    secret = vera_intrudes.identity.secret
    vera_intrudes.run("begin; select 1; commit; begin")
    vera_intrudes.run(PRESENT.format(secret=secret) + KEEP + USE)
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
        vera_intrudes.run(between + USE)
    vera_intrudes.connection.rollback()


def test_transactions_of_one_pipeline(vera_intrudes: Intruder) -> None:
    """Each message of the extended protocol has a time of its own."""
    own = vera_intrudes.connection
    own.autocommit = True
    secret = vera_intrudes.identity.secret

    def send(*statements: str) -> None:
        with own.pipeline():
            for statement in statements:
                own.execute(statement)

    first = ("begin", PRESENT.format(secret=secret).strip("; "), KEEP.strip("; "))
    send(*first, *USE.split("; "), "commit")
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
        send(*first, "commit", "begin", *USE.split("; "))


def test_a_transaction_longer_than_a_quarter_of_an_hour(admin: sa.Engine, vera: Identity) -> None:
    """Whoever was deactivated meanwhile loses even the transaction that they keep open. The test
    shortens the time, and undoes that."""
    with admin.connect() as superuser:
        source = superuser.exec_driver_sql(
            "select pg_get_functiondef('app_private.claims()'::regprocedure)"
        ).scalar_one()
        assert SOONER[0] in source
        superuser.execute(sa.text("select app.present(:s)"), {"s": vera.secret})
        superuser.exec_driver_sql("select pg_sleep(0.1)")
        assert superuser.exec_driver_sql("select app.tenant_id()").scalar_one() == vera.tenant_id
        superuser.exec_driver_sql(source.replace(*SOONER).replace("%", "%%"))
        with pytest.raises(sa.exc.DBAPIError, match="taken too long") as refused:
            superuser.exec_driver_sql("select app.tenant_id()")
        assert getattr(refused.value.orig, "sqlstate", "") == "28000"
        superuser.rollback()
