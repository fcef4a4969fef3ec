"""Two people write the same rows at once: one change is saved whole, the other is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import client_kpis, financial_months, financials
from zixly_data.errors import StillWriting
from zixly_data.identity import Identity
from zixly_data.records import clients
from zixly_data.values import ids

NewTeam = Callable[[], Team]
TOLD = "Someone else was saving the same records at the same time."


def record(connection: sa.Connection, client: str, revenue: Decimal) -> None:
    values = {"client_kpi_id": client, "record_date": date(2024, 3, 15), "revenue": revenue,
              "expenses": Decimal(0)}  # fmt: skip
    connection.execute(sa.insert(financials).values(id=ids.new_id("fin"), **values))


def on_record(identity: Identity) -> dict[str, Decimal]:
    """Revenue by client from the kept sums by month, which equal the sums of the records."""
    with scoped(identity) as connection:
        sums, summed = (
            {
                row.client: row.revenue
                for row in connection.execute(
                    sa.select(
                        table.c.client_kpi_id.label("client"),
                        sa.func.sum(table.c.revenue).label("revenue"),
                    )
                    .where(table.c.tenant_id == identity.tenant_id)
                    .group_by(table.c.client_kpi_id)
                )
            }
            for table in (financial_months, financials)
        )
    assert sums == summed
    return sums


def test_two_people_write_the_same_client_months_in_opposite_order(new_team: NewTeam) -> None:
    """A deadlock, which PostgreSQL ends: the refused person reads a message, and can save again."""
    team = new_team()
    harbour, bondi = books.client(team, "Harbour"), books.client(team, "Bondi")
    one_each = threading.Barrier(2)
    refusals: dict[str, StillWriting] = {}

    def write(person: str, identity: Identity, revenue: Decimal, *order: str) -> None:
        try:
            with scoped(identity) as connection:
                record(connection, order[0], revenue)
                one_each.wait(timeout=60)
                record(connection, order[1], revenue)
        except StillWriting as error:
            refusals[person] = error

    people = {
        "Cole": (team.admin, Decimal("1.00"), harbour, bondi),
        "Support": (team.editor, Decimal("2.00"), bondi, harbour),
    }
    both = [
        threading.Thread(target=write, args=(person, *arguments))
        for person, arguments in people.items()
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=120)

    (undone,) = refusals
    assert (str(refusals[undone]), refusals[undone].advice) == (
        TOLD,
        "Nothing was saved. Try again.",
    )
    (saved,) = people.keys() - refusals
    assert on_record(team.viewer) == {harbour: people[saved][1], bondi: people[saved][1]}

    with scoped(team.editor) as connection:
        for client in (bondi, harbour):
            record(connection, client, people[undone][1])
    assert on_record(team.viewer) == {harbour: Decimal("3.00"), bondi: Decimal("3.00")}


def test_a_change_based_on_an_outdated_version_is_refused(new_team: NewTeam) -> None:
    """A serialization failure: no page or command writes in a snapshot, but a script may."""
    team = new_team()
    client_id = books.client(team, "Harbour")

    def rename(connection: sa.Connection, name: str) -> None:
        connection.execute(
            sa.update(client_kpis)
            .where(client_kpis.c.tenant_id == team.tenant_id, client_kpis.c.id == client_id)
            .values(client_name=name)
        )

    def write_late() -> None:
        with reporting(team.editor) as snapshot:
            with scoped(team.admin) as connection:
                rename(connection, "Harbour & Sons")
            rename(snapshot, "Harbour Pty Ltd")

    with pytest.raises(StillWriting, match=TOLD):
        write_late()
    assert clients.get(team.viewer, client_id).client_name == "Harbour & Sons"
